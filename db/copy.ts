import { once } from "node:events";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/** One column of a binary COPY: its name and how a row's value is written. */
export type CopyColumn<Row> = readonly [name: string, write: (buffer: CopyBuffer, row: Row) => void];

/** Bytes that are handed to the connection at once. */
const flushSize = 1 << 18;

/**
 * Writes rows by COPY in the binary format.
 * @param table a name that is safe inside a statement
 * @returns how many rows were written
 * @see https://www.postgresql.org/docs/current/sql-copy.html (Binary Format)
 */
export async function copyRows<Row>(
  client: pg.ClientBase,
  table: string,
  columns: readonly CopyColumn<Row>[],
  rows: Iterable<Row>,
): Promise<number> {
  const names = columns.map(([name]) => name).join(", ");
  const stream = client.query(copyFrom(`copy ${table} (${names}) from stdin with (format binary)`));
  const finished = once(stream, "finish"); // rejects with the server's error
  finished.catch(() => undefined);
  const buffer = new CopyBuffer();
  buffer.header();
  let count = 0;
  for (const row of rows) {
    buffer.int2(columns.length);
    for (const [, write] of columns) write(buffer, row);
    count += 1;
    if (buffer.size >= flushSize && !stream.write(buffer.take())) {
      await Promise.race([once(stream, "drain"), finished]);
    }
  }
  buffer.int2(-1);
  stream.end(buffer.take());
  await finished;
  return count;
}

/** Days between Postgres' epoch, 2000-01-01, and JavaScript's. */
const epochDays = 10_957;

/** Values in the binary form their types' `receive` functions read: each a length in bytes, then its bytes. */
export class CopyBuffer {
  #bytes = Buffer.allocUnsafe(2 * flushSize);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What was written since the last taking; the memory is not used again. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#size);
    this.#bytes = Buffer.allocUnsafe(2 * flushSize);
    this.#size = 0;
    return taken;
  }

  header(): void {
    this.#raw(Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1"));
  }

  int2(value: number): void {
    this.#reserve(2);
    this.#size = this.#bytes.writeInt16BE(value, this.#size);
  }

  null(): void {
    this.#int4(-1);
  }

  integer(value: number | null): void {
    if (value === null) {
      this.null();
      return;
    }
    this.#int4(4);
    this.#int4(value);
  }

  bigint(value: string | bigint): void {
    this.#int4(8);
    this.#reserve(8);
    this.#size = this.#bytes.writeBigInt64BE(BigInt(value), this.#size);
  }

  real(value: number | null): void {
    if (value === null) {
      this.null();
      return;
    }
    this.#int4(4);
    this.#reserve(4);
    this.#size = this.#bytes.writeFloatBE(value, this.#size);
  }

  boolean(value: boolean): void {
    this.#int4(1);
    this.#reserve(1);
    this.#size = this.#bytes.writeUInt8(value ? 1 : 0, this.#size);
  }

  /** @param value an ISO day, `2021-03-15` */
  date(value: string | null): void {
    this.integer(value === null ? null : Math.round(Date.parse(`${value}T00:00:00Z`) / 86_400_000) - epochDays);
  }

  text(value: string | null): void {
    if (value === null) {
      this.null();
      return;
    }
    const length = Buffer.byteLength(value);
    this.#int4(length);
    this.#reserve(length);
    this.#size += this.#bytes.write(value, this.#size);
  }

  bytes(value: Uint8Array | null): void {
    if (value === null) {
      this.null();
      return;
    }
    this.#int4(value.length);
    this.#raw(value);
  }

  json(value: unknown): void {
    const text = JSON.stringify(value);
    this.#int4(1 + Buffer.byteLength(text));
    this.#raw(Buffer.from([1])); // jsonb's version
    this.#raw(Buffer.from(text));
  }

  texts(values: readonly string[]): void {
    const elements = values.map((value) => Buffer.from(value));
    const size = elements.reduce((sum, element) => sum + 4 + element.length, 0);
    this.#array(25, values.length, size);
    for (const element of elements) {
      this.#int4(element.length);
      this.#raw(element);
    }
  }

  integers(values: ArrayLike<number>): void {
    this.#array(23, values.length, 8 * values.length);
    for (let index = 0; index < values.length; index += 1) this.integer(values[index] as number);
  }

  /** pgvector's `vector_recv`: int16 dimensions, int16 zero, big-endian float32s. */
  vector(values: ArrayLike<number>): void {
    this.#int4(4 + 4 * values.length);
    this.int2(values.length);
    this.int2(0);
    this.#reserve(4 * values.length);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#size);
    for (let index = 0; index < values.length; index += 1) view.setFloat32(4 * index, values[index] as number);
    this.#size += 4 * values.length;
  }

  #array(elementType: number, length: number, elementBytes: number): void {
    this.#int4((length === 0 ? 12 : 20) + elementBytes);
    this.#int4(length === 0 ? 0 : 1); // dimensions
    this.#int4(0); // no nulls
    this.#int4(elementType);
    if (length === 0) return;
    this.#int4(length);
    this.#int4(1); // lower bound
  }

  #int4(value: number): void {
    this.#reserve(4);
    this.#size = this.#bytes.writeInt32BE(value, this.#size);
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  #reserve(length: number): void {
    if (this.#size + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#size + length));
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }
}

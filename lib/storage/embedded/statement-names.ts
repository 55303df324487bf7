const close = (name: Buffer) => message("C", Buffer.concat([Buffer.from("S"), name, Buffer.of(0)]));

/**
 * The prepared statements of one client of a session that several share: each is known to the session by the client's
 * own name and the statement's, so that no client's name is another's. Unnamed ones stay unnamed.
 */
export class StatementNames {
  readonly #prefix: Buffer;
  readonly #made = new Set<string>();

  /** @param client one that no other client of the session has */
  constructor(client: number) {
    this.#prefix = Buffer.from(`${client}/`);
  }

  /**
   * A frontend message as the session is to read it.
   * @see https://www.postgresql.org/docs/current/protocol-message-formats.html Parse, Bind, Describe and Close
   */
  renamed(type: string | null, bytes: Buffer): Buffer {
    const at = placeOfName(type, bytes);
    if (at === null || bytes[at] === 0) return bytes;
    const name = Buffer.concat([this.#prefix, bytes.subarray(at, bytes.indexOf(0, at))]);
    if (type === "P") this.#made.add(name.toString("latin1"));
    if (type === "C") this.#made.delete(name.toString("latin1"));
    const start = bytes.subarray(5, at);
    return message(type as string, Buffer.concat([start, this.#prefix, bytes.subarray(at)]));
  }

  /** Messages that close what the client has left. */
  closing(): Buffer[] {
    return [...this.#made].map((name) => close(Buffer.from(name, "latin1")));
  }
}

/** Where a statement's name begins in a message; null when it names none. */
function placeOfName(type: string | null, bytes: Buffer): number | null {
  if (type === "P") return 5;
  if (type === "B") return bytes.indexOf(0, 5) + 1; // after the portal's
  if (type === "D" || type === "C") return bytes[5] === 0x53 ? 6 : null;
  return null;
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, "latin1");
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { ObjectStore } from "./types.ts";

/** What a store under test gives: itself and, where it can, a way to make its listing page early. */
export type ObjectStoreUnderTest = { open: () => Promise<ObjectStore>; listCount: number };

/** What every object store must do. Call it inside a `describe`; `open` gives a store that starts empty. */
export function describeObjectStore({ open, listCount }: ObjectStoreUnderTest): void {
  const text = (value: string) => new TextEncoder().encode(value);
  const plain = { contentType: "text/plain" };

  test("gives back bytes, media type and metadata as they were put", async () => {
    const store = await open();
    const metadata = { title: "Größe μg ≥ 65 100%", source: "sample", spaced: " outer spaces ", percent: "%C3%A9" };
    const put = await store.put("kept/Übersicht (1).pdf", text("hello"), { contentType: "application/pdf", metadata });
    expect(put.size).toBe(5);
    const found = await store.get("kept/Übersicht (1).pdf");
    expect(await readText(found.body)).toBe("hello");
    expect(found).toMatchObject({ size: 5, contentType: "application/pdf", metadata, etag: put.etag, range: null });
    const head = await store.head("kept/Übersicht (1).pdf");
    expect(head).toMatchObject({ size: 5, contentType: "application/pdf", metadata, etag: put.etag });
    expect(Math.abs(head.lastModified.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test("names a missing object as not found, and deletes what is not there without an error", async () => {
    const store = await open();
    await expect(store.get("missing/one")).rejects.toMatchObject({ code: "not_found", key: "missing/one" });
    await expect(store.head("missing/one")).rejects.toMatchObject({ code: "not_found" });
    expect(await store.exists("missing/one")).toBe(false);
    await store.delete("missing/one");
    await store.put("present/one", text("1"), plain);
    expect(await store.exists("present/one")).toBe(true);
    await store.delete("present/one");
    expect(await store.exists("present/one")).toBe(false);
  });

  test("refuses keys that lead outside, are empty or cannot be a name everywhere", async () => {
    const store = await open();
    const long = `${"a".repeat(201)}`;
    const bad = ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".", "a/.", "a\\b", "a\0b", "a\nb", long];
    for (const key of [...bad, "e\u0301", "\ud800", `${"a/".repeat(260)}a`]) {
      await expect(store.put(key, text("x"), plain), JSON.stringify(key)).rejects.toMatchObject({
        code: "invalid_key",
      });
      await expect(store.get(key), JSON.stringify(key)).rejects.toMatchObject({ code: "invalid_key" });
      await expect(store.delete(key), JSON.stringify(key)).rejects.toMatchObject({ code: "invalid_key" });
    }
  });

  test("keeps apart keys that are folders of one another or differ only in punctuation", async () => {
    const store = await open();
    const keys = ["n/a", "n/a/b", "n/a@object", "n/a%40object", "n/a?b", "n/a:b", "n/.hidden", "n/end.", ".incoming/x"];
    for (const key of keys) await store.put(key, text(key), plain);
    for (const key of keys) expect(await readText((await store.get(key)).body)).toBe(key);
    expect((await keysOf(store, "n/")).sort()).toEqual(keys.slice(0, -1).sort());
  });

  test("replaces an object as a whole, metadata included", async () => {
    const store = await open();
    await store.put("replaced", text("first and longer"), { ...plain, metadata: { version: "1", only: "first" } });
    await store.put("replaced", text("second"), { contentType: "text/html", metadata: { version: "2" } });
    const found = await store.get("replaced");
    expect(await readText(found.body)).toBe("second");
    expect(found).toMatchObject({ size: 6, contentType: "text/html", metadata: { version: "2" } });
  });

  test("keeps an empty object", async () => {
    const store = await open();
    await store.put("empty", new Uint8Array(), plain);
    const found = await store.get("empty");
    expect(found.size).toBe(0);
    expect(await readText(found.body)).toBe("");
    await expect(store.get("empty", { range: { start: 0 } })).rejects.toMatchObject({ code: "invalid_range" });
  });

  test("serves byte ranges as RFC 9110 defines them", async () => {
    const store = await open();
    await store.put("range", text("0123456789"), plain);
    const cases = [
      { range: { start: 2, end: 4 }, expected: "234", served: { start: 2, end: 4 } },
      { range: { start: 0, end: 0 }, expected: "0", served: { start: 0, end: 0 } },
      { range: { start: 7 }, expected: "789", served: { start: 7, end: 9 } },
      { range: { start: 8, end: 500 }, expected: "89", served: { start: 8, end: 9 } },
      { range: { suffix: 3 }, expected: "789", served: { start: 7, end: 9 } },
      { range: { suffix: 500 }, expected: "0123456789", served: { start: 0, end: 9 } },
    ];
    for (const { range, expected, served } of cases) {
      const found = await store.get("range", { range });
      expect(await readText(found.body), JSON.stringify(range)).toBe(expected);
      expect(found).toMatchObject({ size: 10, range: served, contentType: "text/plain" });
    }
    for (const range of [{ start: 10 }, { start: 50, end: 60 }, { suffix: 0 }, { start: 4, end: 2 }, { start: -1 }])
      await expect(store.get("range", { range }), JSON.stringify(range)).rejects.toMatchObject({
        code: "invalid_range",
        size: 10,
      });
    await expect(store.get("no-range", { range: { suffix: 0 } })).rejects.toMatchObject({ code: "not_found" });
  });

  test("takes a stream of unknown length over several parts and gives every byte back", async () => {
    const store = await open();
    const hash = createHash("sha256");
    const total = 20 * 1024 * 1024 + 12_345;
    async function* parts() {
      for (let sent = 0, turn = 0; sent < total; turn++) {
        const part = Buffer.alloc(Math.min(700_001, total - sent), `part ${turn} `);
        hash.update(part);
        sent += part.length;
        yield part;
      }
    }
    expect((await store.put("large", parts(), { ...plain, metadata: { kind: "große Datei" } })).size).toBe(total);
    const found = await store.get("large");
    const read = createHash("sha256");
    for await (const part of found.body) read.update(part as Buffer);
    expect(found).toMatchObject({ size: total, metadata: { kind: "große Datei" } });
    expect(read.digest("hex")).toBe(hash.digest("hex"));
    const middle = await store.get("large", { range: { start: 8 * 1024 * 1024 - 2, end: 8 * 1024 * 1024 + 1 } });
    expect((await readText(middle.body)).length).toBe(4);
  });

  test("shows nothing of a stream that failed, and keeps what was there before", async () => {
    const store = await open();
    const failing = async function* (bytes: number) {
      yield Buffer.alloc(bytes, 65);
      throw new Error("the source broke");
    };
    for (const bytes of [10, 9 * 1024 * 1024]) {
      await expect(store.put("broken/new", failing(bytes), plain)).rejects.toThrow(/broken\/new.*the source broke/);
      expect(await store.exists("broken/new")).toBe(false);
    }
    await store.put("broken/old", text("whole"), plain);
    await expect(store.put("broken/old", failing(10), plain)).rejects.toThrow("the source broke");
    expect(await readText((await store.get("broken/old")).body)).toBe("whole");
    expect(await keysOf(store, "broken/")).toEqual(["broken/old"]);
  });

  test("lets simultaneous writers of one key end with one writer's bytes and metadata", async () => {
    const store = await open();
    const writers = Array.from({ length: 8 }, (_, index) => index);
    const body = (writer: number) => Buffer.alloc(50_000 + writer, `${writer}`);
    await Promise.all(
      writers.map((writer) => store.put("contested", body(writer), { ...plain, metadata: { writer: `${writer}` } })),
    );
    const found = await store.get("contested");
    const winner = Number(found.metadata.writer);
    expect(await readText(found.body)).toBe(body(winner).toString());
    expect(await keysOf(store, "contested")).toEqual(["contested"]);
  });

  test("lists every object below a prefix, in order, over all pages", async () => {
    const store = await open();
    const keys = Array.from({ length: listCount }, (_, index) => `list/${index % 7}/${String(index).padStart(5, "0")}`);
    for (let at = 0; at < keys.length; at += 20)
      await Promise.all(keys.slice(at, at + 20).map((key) => store.put(key, text("x"), plain)));
    await store.put("listed-elsewhere", text("x"), plain);
    expect(await keysOf(store, "list/")).toEqual([...keys].sort());
    expect(await keysOf(store, "list/3/0000")).toEqual(keys.filter((key) => key.startsWith("list/3/0000")).sort());
    expect(await keysOf(store, "list")).toEqual([...keys, "listed-elsewhere"].sort());
    expect(await keysOf(store, "nothing/")).toEqual([]);
    const inByteOrder = ["order/a", "order/a-b", "order/a.b", "order/a/b", "order/a0", "order/ä"];
    for (const key of inByteOrder) await store.put(key, text("x"), plain);
    expect(await keysOf(store, "order/")).toEqual(inByteOrder);
    for await (const entry of store.list("list/3/0000")) expect(entry.size).toBe(1);
    await expect(keysOf(store, "../")).rejects.toMatchObject({ code: "invalid_key" });
  });

  test("refuses metadata it could not give back", async () => {
    const store = await open();
    for (const metadata of [{ "Upper-Case": "x" }, { under_score: "x" }, { long: "x".repeat(2000) }] as Record<
      string,
      string
    >[])
      await expect(store.put("metadata", text("x"), { ...plain, metadata })).rejects.toThrow(/metadata/);
  });

  test("reports itself well, naming itself", async () => {
    const store = await open();
    expect(await store.health()).toMatchObject({ backend: store.name, ok: true, detail: null });
  });
}

export async function readText(body: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

export async function keysOf(store: ObjectStore, prefix?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

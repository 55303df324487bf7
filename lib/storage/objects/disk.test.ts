import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { describeObjectStore, keysOf, readText } from "./contract.ts";
import { openObjectStore } from "./index.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function openEmpty() {
  const folder = await mkdtemp(join(tmpdir(), "objects-"));
  folders.push(folder);
  const store = await openObjectStore(folder);
  await store.ensureBucket();
  return { store, folder };
}

describe("objects on disk", () => {
  describeObjectStore({ open: async () => (await openEmpty()).store, listCount: 1100 });

  test("opens by path and by file address alike", async () => {
    const { store, folder } = await openEmpty();
    await store.put("a/b", Buffer.from("same"), { contentType: "text/plain" });
    const byAddress = await openObjectStore(pathToFileURL(folder).href);
    expect(await readText((await byAddress.get("a/b")).body)).toBe("same");
    expect(await byAddress.signedUrl("a/b", { expiresInSeconds: 60 })).toBeNull();
  });

  test("a reader that began before a replacement reads its own version to the end", async () => {
    const { store } = await openEmpty();
    const first = "first ".repeat(50_000);
    await store.put("page", Buffer.from(first), { contentType: "text/plain" });
    const reading = await store.get("page");
    await store.put("page", Buffer.from("second"), { contentType: "text/plain" });
    expect(await readText(reading.body)).toBe(first);
    expect(await readText((await store.get("page")).body)).toBe("second");
  });

  test("leaves no half-written file behind, and clears those of a killed process a day later", async () => {
    const { store, folder } = await openEmpty();
    const incoming = join(folder, ".incoming");
    const broken = async function* () {
      yield Buffer.from("x");
      throw new Error("broke");
    };
    await expect(store.put("x", broken(), { contentType: "text/plain" })).rejects.toThrow("broke");
    expect(await readdir(incoming)).toEqual([]);
    await writeFile(join(incoming, "old"), "x");
    await writeFile(join(incoming, "young"), "x");
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(join(incoming, "old"), twoDaysAgo, twoDaysAgo);
    await store.ensureBucket();
    expect(await readdir(incoming)).toEqual(["young"]);
  });

  test("a damaged file is an error that names it, in reading and in listing, never a shorter object", async () => {
    const { store, folder } = await openEmpty();
    await store.put("a/whole", Buffer.from("0123456789"), { contentType: "text/plain" });
    const path = join(folder, "a", "whole@object");
    const bytes = await readFile(path);
    await truncate(path, bytes.length - 4);
    await expect(store.get("a/whole")).rejects.toMatchObject({ code: "failed", key: "a/whole" });
    await expect(keysOf(store)).rejects.toThrow(/whole@object.*not a file of the object store/);
    await writeFile(path, bytes.subarray(3));
    await expect(store.head("a/whole")).rejects.toThrow(/length is not that of its object/);
  });

  test("a folder that is not there is an unwell store and an error, not an empty listing", async () => {
    const store = await openObjectStore(join(tmpdir(), "objects-never-made", "deeper"));
    expect(await store.health()).toMatchObject({ ok: false, detail: expect.stringContaining("ENOENT") });
    await expect(keysOf(store)).rejects.toMatchObject({ code: "unavailable" });
    await expect(store.put("a", Buffer.from("x"), { contentType: "text/plain" })).rejects.toMatchObject({
      code: "unavailable",
      operation: "put",
      key: "a",
    });
  });
});

describe("object store addresses", () => {
  test("an unknown kind is refused with the kinds there are", async () => {
    await expect(openObjectStore("ftp://host/folder")).rejects.toThrow(/ftp:\/\/host\/folder.*path or one of file, s3/);
    await expect(openObjectStore("")).rejects.toThrow(/empty/);
    await expect(openObjectStore("s3:///prefix-only")).rejects.toThrow(/names no bucket/);
  });
});

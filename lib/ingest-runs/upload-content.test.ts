import { expect, test } from "vitest";
import { InvalidInputError } from "../errors.ts";
import { checkedContent } from "./upload-content.ts";

async function read(name: string, parts: (string | Buffer)[], as?: "pdf"): Promise<Buffer> {
  async function* body() {
    for (const part of parts) yield Buffer.from(part as string);
  }
  const read: Uint8Array[] = [];
  for await (const part of checkedContent(body(), name, as)) read.push(part);
  return Buffer.concat(read);
}

const long = "<article/>".repeat(500);

test("what is by its first bytes what its name says passes whole, however it is cut", async () => {
  expect((await read("a.xml", [...long])).toString()).toBe(long);
  expect((await read("a.json", ['{"a": "MZ and PK"}'])).toString()).toBe('{"a": "MZ and PK"}');
  expect(await read("a.xml.gz", [Buffer.from([0x1f, 0x8b, 8, 0])])).toHaveLength(4);
  expect(await read("a.pmids", ["1\n2"])).toHaveLength(3);
  expect(await read("a.XML", [])).toHaveLength(0);
  expect(await read("a.pdf", ["%P", "DF-1.7"])).toHaveLength(8);
});

test.each<[string, string | Buffer]>([
  ["a.xml", "MZ\x90\0"],
  ["a.xml", Buffer.from("\x7fELF", "latin1")],
  ["a.xml", "PK\x03\x04rest"],
  ["a.json", "%PDF-1.7"],
  ["a.html", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0])],
  ["a", Buffer.from([0x1f, 0x8b, 8])],
  ["a.xml.gz", "<article/>"],
  ["a.pdf", "<script>alert(1)</script>"],
  ["constructor.constructor", "MZ\x90"],
])("%s that is something else is refused, and nothing of it passed on", async (name, content) => {
  const passed: Uint8Array[] = [];
  const reading = async () => {
    async function* body() {
      yield Buffer.from(content as string);
      yield Buffer.from(long);
    }
    for await (const part of checkedContent(body(), name)) passed.push(part);
  };
  await expect(reading()).rejects.toBeInstanceOf(InvalidInputError);
  expect(passed).toEqual([]);
});

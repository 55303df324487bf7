import { InvalidInputError } from "../errors.ts";

/** Bytes that are looked at before anything is kept. Readers take a PDF whose header stands within the first 1024. */
const reach = 1024;

interface Content {
  name: string;
  is(head: Buffer): boolean;
}

const pdf: Content = { name: "PDF", is: (head) => head.includes("%PDF-") };
const gzip: Content = { name: "gzip file", is: (head) => head[0] === 0x1f && head[1] === 0x8b };
const text: Content = { name: "text file", is: isText };

/** By a name's ending; every other name must hold text, which is all that parsers beside these read. */
const contents: Record<string, Content> = { pdf, gz: gzip };

/** What makes a file a program or a container, whatever it is called. */
const foreignSignatures = [
  "MZ",
  "\x7fELF",
  "PK\x03\x04",
  "%PDF-",
  "\x1f\x8b",
  "Rar!",
  "7z\xbc\xaf",
  "\xcf\xfa\xed\xfe",
];

/**
 * The file as it comes, once its first bytes have shown that it is what its name says.
 * @param as what it has to be; without, its name's ending says so
 * @throws InvalidInputError when it is something else; nothing of it has been passed on then
 */
export async function* checkedContent(
  body: AsyncIterable<Uint8Array>,
  name: string,
  as?: "pdf",
): AsyncGenerator<Uint8Array> {
  const ending = as ?? /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const content = (Object.hasOwn(contents, ending) && contents[ending]) || text;
  let head: Buffer | null = Buffer.alloc(0);
  const check = (bytes: Buffer) => {
    const seen = bytes.subarray(0, reach);
    if (!content.is(seen)) throw new InvalidInputError(`“${name}” is no ${content.name}: it does not begin as one.`);
  };
  for await (const part of body) {
    if (head === null) {
      yield part;
      continue;
    }
    head = Buffer.concat([head, part]);
    if (head.length < reach) continue;
    check(head);
    yield head;
    head = null;
  }
  if (head === null) return;
  check(head);
  yield head;
}

function isText(head: Buffer): boolean {
  if (head.includes(0)) return false;
  return !foreignSignatures.some((signature) => head.subarray(0, signature.length).toString("latin1") === signature);
}

import { RecordError } from "./record-error.ts";

/**
 * The stream as UTF-8: passed through as it is, or transcoded where a byte order mark or an XML declaration names
 * another encoding. An unknown encoding name throws `malformed`.
 */
export async function* asUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let decoder: TextDecoder | null = null;
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of bytes) {
    let data = chunk;
    if (head) {
      data = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (data.length < 4) {
        head = data;
        continue;
      }
      head = null;
      const encoding = encodingOf(data);
      if (encoding) decoder = decoderFor(encoding);
      else if (data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf) data = data.subarray(3);
    }
    yield decoder ? encoder.encode(decoder.decode(data, { stream: true })) : data;
  }
  if (head && head.length > 0) yield head;
  if (decoder) yield encoder.encode(decoder.decode());
}

function decoderFor(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new RecordError("malformed", `the file declares the encoding "${encoding}", which is unknown`, { cause });
  }
}

/** The name of an encoding other than UTF-8, from the mark or declaration at the head of a file. */
function encodingOf(head: Uint8Array): string | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (head[0] === 0x3c && head[1] === 0) return "utf-16le";
  if (head[0] === 0 && head[1] === 0x3c) return "utf-16be";
  const declaration = /^\s*(?:\u00EF\u00BB\u00BF)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(
    Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 400)).toString("latin1"),
  )?.[1];
  return declaration && !/^(?:utf-?8|(?:us-)?ascii|utf-?16.*)$/i.test(declaration) ? declaration : null;
}

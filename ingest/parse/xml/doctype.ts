import { RecordError } from "../record-error.ts";

/** Entities a document type declares and that are harmless: each stands for one character. */
export type CharacterEntities = ReadonlyMap<string, string>;

const predefined = new Set(["amp", "lt", "gt", "quot", "apos"]);
const declaration = /<!ENTITY\s+(%\s+)?(\S+)\s+(?:"([^"]*)"|'([^']*)'|([A-Z]+))/g;

/**
 * Reads the entity declarations of a DOCTYPE (its text, internal subset included). One that stands for a single
 * character is kept; any other (parameter, external, nested, text) is how bombs and file reads are made, and throws
 * `forbidden`. Nothing is ever expanded or fetched.
 */
export function readDoctype(doctype: string): CharacterEntities {
  const entities = new Map<string, string>();
  const subset = doctype.replace(/<!--[\s\S]*?-->/g, "");
  const declared = subset.split("<!ENTITY").length - 1;
  let read = 0;
  for (const [, parameter, name = "", double, single] of subset.matchAll(declaration)) {
    read += 1;
    const value = double ?? single;
    const character = value === undefined || parameter ? null : singleCharacter(value);
    if (predefined.has(name) && value !== undefined) continue;
    if (character === null) {
      throw new RecordError(
        "forbidden",
        `the document type declares the entity "${name.slice(0, 60)}", which is refused`,
      );
    }
    entities.set(name, character);
  }
  if (read !== declared)
    throw new RecordError("forbidden", "the document type holds an entity declaration that is refused");
  return entities;
}

function singleCharacter(value: string): string | null {
  const reference = /^&#(?:x([0-9a-f]{1,6})|(\d{1,7}));$/i.exec(value);
  if (reference) {
    const code = reference[1] ? Number.parseInt(reference[1], 16) : Number(reference[2]);
    return code > 0x1f && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : null;
  }
  return [...value].length === 1 && !/[<&%]/.test(value) ? value : null;
}

import { Parser as HtmlParser } from "htmlparser2";
import type { CharacterEntities } from "./doctype.ts";

const five = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** What stands for `&name;`, a number or a name; null for what XML does not allow or nobody declared. */
export function characterOf(name: string, entities: CharacterEntities): string | null {
  if (name.charCodeAt(0) === 0x23) return numbered(name);
  return five.get(name) ?? entities.get(name) ?? htmlCharacter(name) ?? null;
}

function numbered(name: string): string | null {
  const match = /^#(?:x([0-9a-fA-F]{1,8})|(\d{1,9}))$/.exec(name);
  if (!match) return null;
  const code = match[1] ? Number.parseInt(match[1], 16) : Number(match[2]);
  const isAllowed =
    code === 0x09 ||
    code === 0x0a ||
    code === 0x0d ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd);
  return isAllowed || (code >= 0x10000 && code <= 0x10ffff) ? String.fromCodePoint(code) : null;
}

const htmlCharacters = new Map<string, string | undefined>();

/** The character HTML gives a name (`alpha`, `lsqb`); undefined for a name it does not know. */
function htmlCharacter(name: string): string | undefined {
  if (htmlCharacters.has(name)) return htmlCharacters.get(name);
  if (!/^[A-Za-z][A-Za-z0-9]{1,31}$/.test(name)) return undefined;
  let text = "";
  const parser = new HtmlParser({ ontext: (data) => (text += data) });
  parser.end(`&${name};`);
  const character = text.startsWith("&") || text.includes(";") ? undefined : text;
  if (htmlCharacters.size < 5000) htmlCharacters.set(name, character);
  return character;
}

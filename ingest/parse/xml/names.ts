/** A tag's or attribute's name, whole and without its prefix. */
export interface TagName {
  whole: string;
  local: string;
}

/** https://www.w3.org/TR/xml/#NT-Name */
const validName =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the class holds the joiner itself
  /^[:A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\u{10000}-\u{EFFFF}][-.\d\u00B7\u0300-\u036F\u203F\u2040:A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\u{10000}-\u{EFFFF}]*$/u;

/** 1 for what ends a name: white space, `/`, `>`, `=`, quotes, `<`, `?`. */
const ends = new Uint8Array(128);
for (const character of "\t\n\r />=\"'<?") ends[character.charCodeAt(0)] = 1;

/** Names seen, by hash: a format has a few hundred, each standing thousands of times. */
const slots = 4096;
const seen: (TagName | undefined)[] = new Array(slots).fill(undefined);

/** The name that begins at `start`; null when none does. The same name is the same object, mostly. */
export function nameAt(text: string, start: number): TagName | null {
  let hash = 0;
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128 && ends[code] === 1) break;
    hash = (hash * 31 + code) | 0;
  }
  const slot = (hash ^ (hash >>> 12)) & (slots - 1);
  const known = seen[slot];
  if (known && known.whole.length === at - start && text.startsWith(known.whole, start)) return known;
  // Copied, so that a name kept does not keep the record it was found in.
  const whole = Buffer.from(text.slice(start, at)).toString();
  if (!validName.test(whole)) return null;
  const name = { whole, local: whole.slice(whole.indexOf(":") + 1) };
  if (whole.length <= 64) seen[slot] = name;
  return name;
}

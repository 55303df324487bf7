/** A word of a query as it stands there, and as it is compared: small letters without accents. */
export interface Token {
  text: string;
  plain: string;
  /** Within quotation marks: taken as it is, never read as a date or a name. */
  quoted: boolean;
}

const opening = new Set(['"', "“", "„", "«"]);
const closing = new Set(['"', "”", "“", "»"]);

/** Splits a query at white space; a quoted stretch is one token, with plain quotation marks around it. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const start = at;
    if (/\s/.test(query.charAt(at))) {
      at += 1;
    } else if (opening.has(query.charAt(at))) {
      at += 1;
      while (at < query.length && !closing.has(query.charAt(at))) at += 1;
      at += 1;
      const inside = query.slice(start + 1, at - 1).trim();
      if (inside) tokens.push({ text: `"${inside}"`, plain: "", quoted: true });
    } else {
      while (at < query.length && !/\s/.test(query.charAt(at))) at += 1;
      const text = query.slice(start, at);
      tokens.push({ text, plain: plainOf(text), quoted: false });
    }
  }
  return tokens;
}

/** Small letters without accents and without the punctuation around them. */
export function plainOf(text: string): string {
  const letters = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return letters.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}

// Characters no reader can see or no store can keep: C0 and C1 controls, zero-width marks, BOM, soft hyphen.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
const invisible = /[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\u00AD\u200B\u2060\uFEFF\uFFFE\uFFFF]/g;
const oddLineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const oddSpaces = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;

/**
 * Text as it is kept: line ends are LF, spaces are plain spaces, invisible characters are gone and a lone surrogate
 * is U+FFFD. Letters, digits and symbols stay as they came: no Unicode normalisation, which would turn `10⁹` into `109`.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(oddLineBreaks, "\n").replace(oddSpaces, " ").replace(invisible, "");
}

/** Every run of white space becomes one space; none at the ends. */
export function collapseWhitespace(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

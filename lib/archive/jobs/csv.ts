/** What a spreadsheet takes for the beginning of a formula, their wide forms among them. */
const formula = /^[\s\0]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * One record after RFC 4180: every field quoted, quotes doubled, CRLF at the end; UTF-8 without a mark of byte order. A
 * field that a spreadsheet would take for a formula begins with an apostrophe, so that it is shown and not computed.
 */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = value.replaceAll("\0", "");
  return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

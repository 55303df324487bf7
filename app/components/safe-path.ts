/**
 * A path of this site to go on to, or "/" for anything else: another origin, `//host`, `/\host`, a scheme, a control
 * character. What comes back is always a path with its query, never an address.
 */
export function safePath(value: string | string[] | undefined | null): string {
  if (typeof value !== "string" || !value.startsWith("/")) return "/";
  const base = "http://probatum.invalid";
  if (!URL.canParse(value, base)) return "/";
  const address = new URL(value, base);
  if (address.origin !== base || address.pathname.startsWith("//")) return "/";
  return `${address.pathname}${address.search}${address.hash}`;
}

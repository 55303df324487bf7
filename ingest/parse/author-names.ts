/** An author's name in its parts, as references need it; a group's or an undivided one whole. */
export type AuthorName = { family: string; given?: string; suffix?: string } | { literal: string };

/** The name a record gives, none where it gives none. */
export function authorName(parts: { family: string; given: string; suffix: string; literal: string }): AuthorName[] {
  const { family, given, suffix, literal } = parts;
  if (literal !== "") return [{ literal }];
  if (family === "") return given === "" ? [] : [{ literal: [given, suffix].filter(Boolean).join(" ") }];
  return [{ family, ...(given && { given }), ...(suffix && { suffix }) }];
}

/** As a reader writes it: given name first. */
export function writtenName(name: AuthorName): string {
  return "literal" in name ? name.literal : [name.given, name.family, name.suffix].filter(Boolean).join(" ");
}

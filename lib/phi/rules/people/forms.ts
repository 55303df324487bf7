/** The forms of names, as parts of patterns with the flag u. */
export const open = "(?<![\\p{L}\\p{N}])";
export const shut = "(?![\\p{L}\\p{N}])";
/** A capitalised word: Smith, O'Neill, Smith-Jones, SMITH; a possessive is left outside. */
export const word = "\\p{Lu}[\\p{L}\\p{M}]*(?:(?:[’'](?!s(?![\\p{L}]))|-)\\p{L}[\\p{L}\\p{M}]+)*";
export const initial = "\\p{Lu}\\.?(?![\\p{L}’'])";
export const particle = "(?:de|da|do|dos|del|della|di|la|le|van|von|der|den|ter|bin|ibn|al|el|y|af|zu)";
export const suffix = "(?:,? (?:Jr|Sr|II|III|IV)\\b\\.?)?";
export const more = `(?:[ \\t](?:${initial}(?=[ ,]\\p{Lu})|(?:${particle} ){1,2}${word}|${word}))`;
export const full = `${word}(?:[ \\t]${initial}){0,2}${more}{0,3}${suffix}`;
/** Initials and a family name: J. Smith, A B Jones. */
export const initials = `(?:\\p{Lu}\\.? ?){1,3} ?${word}`;
export const lower = "[\\p{Ll}][\\p{L}\\p{M}’'-]+";

export const titles =
  "(?:[Mm]rs?|[Mm]s(?=\\.? \\p{Lu})|ms\\.|MRS?|Miss|[Dd]rs?|DR|Prof(?:essor)?|Sir|Dame|Lord|Lady|Rev(?:erend)?|Fr|Mx|Nurse|Sister|Señora?|Herr|Frau|Mme|Mlle|Monsieur|Madame)";
export const capitalised = new RegExp(
  `${open}${word}(?:[ \\t](?:${initial}|(?:${particle} ){0,2}${word})){0,4}${suffix}${shut}`,
  "gu",
);

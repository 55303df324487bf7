import type { DocumentName } from "#db/index.ts";
import { collapseWhitespace } from "#lib/text/clean.ts";
import type { ParsedDocument } from "../types.ts";
import { abbreviationsIn } from "./abbreviations.ts";

/** Longer names are titles or lists, which no question writes. */
const maximumWords = 8;
/** A book spells out hundreds; what it spells out first is what it is about. */
const maximumAbbreviations = 100;

/** Salts and forms that a question leaves out: `warfarin sodium` is asked for as warfarin. */
const salts = new Set(
  `acetate anhydrous besylate bitartrate bromide calcium carbonate chloride citrate dihydrate dimesylate dipropionate
  disodium fumarate furoate gluconate hemihydrate hydrobromide hydrochloride hyclate lactate magnesium maleate
  malate mesylate monohydrate nitrate phosphate potassium propionate sodium succinate sulfate sulphate tartrate
  trihydrate tromethamine valerate xinafoate`.split(/\s+/),
);
/** What stands in a brand's field beside the brand. */
const forms =
  /\b(?:tablets?|capsules?|injection|solution|suspension|cream|ointment|gel|film[- ]coated|extended[- ]release|delayed[- ]release|oral|usp)\b.*$/i;

/** What a document calls things, all in lower case: what questions are understood by. */
export function namesOf(
  document: Pick<ParsedDocument, "title" | "text" | "meshTerms" | "evidenceLevel" | "metadata">,
): DocumentName[] {
  const names = [...drugNames(document), ...entryTerms(document), ...abbreviations(document)];
  return names.filter(({ surface, canonical }) => isName(surface) && isName(canonical));
}

/** A label's drug under its brand, its generic name and its substances, each with and without its salt. */
function drugNames({ evidenceLevel, metadata }: Pick<ParsedDocument, "evidenceLevel" | "metadata">): DocumentName[] {
  if (evidenceLevel !== "label") return [];
  const moieties = textsOf(metadata.activeMoieties).map(lower);
  const substances = [...textsOf(metadata.substances), ...textsOf(metadata.genericName)].flatMap(partsOf);
  const generics = [...new Set([...substances, ...moieties])].filter(Boolean);
  const names = generics.flatMap((generic): DocumentName[] => {
    const base = withoutSalt(generic);
    return [generic, base].map((surface) => ({ kind: "substance", surface, canonical: base }));
  });
  const bases = [...new Set(generics.map(withoutSalt))];
  // A brand of several substances is each of them only together: the name says so.
  const canonical = bases.toSorted().join(" and ");
  const brands = textsOf(metadata.brandName)
    .map((brand) => lower(brand.replace(forms, "")))
    .filter((brand) => brand !== "" && canonical !== "" && !bases.some((base) => brand.includes(base)));
  return [...names, ...brands.map((surface): DocumentName => ({ kind: "brand", surface, canonical }))];
}

/** "bupivacaine hydrochloride and epinephrine bitartrate", "A, B": each substance by itself. */
function partsOf(name: string): string[] {
  return lower(name)
    .split(/\s*(?:,|;|\/|\band\b)\s*/)
    .filter(Boolean);
}

function withoutSalt(name: string): string {
  const words = name.split(" ");
  // "sodium chloride" and "potassium" are drugs themselves: the first word always stays.
  while (words.length > 1 && salts.has(words.at(-1) as string) && !salts.has(words[0] as string)) words.pop();
  return words.join(" ");
}

/** MedlinePlus' other names of a topic, and a thesaurus' inverted headings in the order of speech. */
function entryTerms({
  title,
  meshTerms,
  metadata,
}: Pick<ParsedDocument, "title" | "meshTerms" | "metadata">): DocumentName[] {
  const canonical = lower(title);
  const alsoCalled = textsOf(metadata.alsoCalled).flatMap((name): DocumentName[] => {
    if (lower(name) === canonical) return [];
    const kind = /^[A-Z][A-Z0-9-]{1,6}$/.test(name.trim()) ? "abbreviation" : "entry_term";
    return [{ kind, surface: lower(name), canonical }];
  });
  const inverted = meshTerms.flatMap((term): DocumentName[] => {
    const parts = term.split(/,\s+/);
    if (parts.length < 2 || parts.length > 3) return [];
    return [{ kind: "entry_term", surface: lower(parts.toReversed().join(" ")), canonical: lower(term) }];
  });
  return [...alsoCalled, ...inverted];
}

function abbreviations({ title, text }: Pick<ParsedDocument, "title" | "text">): DocumentName[] {
  return abbreviationsIn(`${title}\n\n${text}`, maximumAbbreviations).map(({ short, long }) => ({
    kind: "abbreviation",
    surface: short.toLowerCase(),
    canonical: lower(long),
  }));
}

function isName(text: string): boolean {
  return text.length >= 2 && text.length <= 120 && /\p{L}/u.test(text) && text.split(" ").length <= maximumWords;
}

function lower(text: string): string {
  return collapseWhitespace(text).toLowerCase();
}

function textsOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((one): one is string => typeof one === "string" && one.trim() !== "");
}

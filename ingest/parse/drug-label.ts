/** Titles and section names that SPL and openFDA share. */

export const boxedWarning = "Boxed warning";

export interface Product {
  brand: string;
  generic: string;
  /** Dosage form, e.g. `TABLET, FILM COATED`. */
  form: string;
  manufacturer: string;
}

/** "Lipitor (atorvastatin calcium) tablet, film coated – Pfizer"; empty when the product has no name at all. */
export function labelTitle(product: Product): string {
  const brand = capitalised(product.brand);
  const generic = isShouted(product.generic) ? product.generic.toLowerCase() : product.generic;
  const name = brand || generic;
  if (name === "") return "";
  const both = brand !== "" && generic !== "" && brand.toLowerCase() !== generic.toLowerCase();
  const form = product.form.toLowerCase();
  const subject = [name, both ? `(${generic})` : "", form].filter(Boolean).join(" ");
  return product.manufacturer ? `${subject} – ${product.manufacturer}` : subject;
}

function isShouted(text: string): boolean {
  return /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text);
}

/** Names in capitals are set as words; short ones (HCT, XR) stay. */
function capitalised(text: string): string {
  if (!isShouted(text)) return text;
  return text.replace(/\p{L}{4,}/gu, (word) => word.charAt(0) + word.slice(1).toLowerCase());
}

/** `DOSAGE & ADMINISTRATION SECTION` or `indications_and_usage` as a heading: "Dosage & administration". */
export function sectionName(name: string): string {
  const words = name
    .replaceAll("_", " ")
    .replace(/^OTC - /i, "")
    .replace(/^SPL /i, "")
    .replace(/\s*section\s*$/i, "")
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function dailyMedAddress(setId: string): string | null {
  return /^[0-9a-f-]{36}$/i.test(setId) ? `https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=${setId}` : null;
}

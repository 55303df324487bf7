import type { ParsedDocument } from "../types.ts";
import { blocksOf } from "./blocks.ts";
import { DocumentText } from "./document-text.ts";
import { boxedWarning, dailyMedAddress, labelTitle, type Product, sectionName } from "./drug-label.ts";
import { compactDate, languageTag, lineOf, makeDocument, present } from "./fields.ts";
import { identifiersOf } from "./identifiers.ts";
import { newNotes } from "./inline.ts";
import { RecordError } from "./record-error.ts";
import { xmlParser } from "./xml/records.ts";
import { childrenOf, descendants, find, type XmlElement } from "./xml/tree.ts";

/** The largest labels with all their packages are about 15 MB; one past this is refused. */
export const splRecordLimit = 64 * 1024 * 1024;

const settings = { records: ["document"], roots: [], recordLimit: splRecordLimit };

/** LOINC codes of sections that need treatment of their own: https://www.fda.gov/industry/fda-data-standards-advisory-board/structured-product-labeling-resources */
const boxedWarningCode = "34066-1";
const productDataCode = "48780-1";

/** Structured Product Labeling (HL7 SPL, DailyMed). One document a file; sections by their titles, LOINC codes kept. */
export const parse = xmlParser({
  settings,
  read: (record, _name, bytes, isSample) => readLabel(record, bytes, isSample),
});

function readLabel(label: XmlElement, bytes: Uint8Array, isSample: boolean): ParsedDocument {
  const setId = (find(label, "setId")?.attributes.root ?? "").toLowerCase();
  if (setId === "") throw new RecordError("missing_field", "the label has no set id");
  const product = readProduct(label);
  const ownTitle = lineOf(find(label, "title"));
  const title = labelTitle(product) || ownTitle;
  if (title === "")
    throw new RecordError("missing_field", "the label has neither title nor product name", { sourceId: setId });
  const text = new DocumentText();
  const codes: Record<string, string> = {};
  const body = find(label, "component", "structuredBody");
  for (const section of sectionsOf(body)) addSection(section, [], false, text, codes);
  const metadata = readMetadata(label, product);
  return makeDocument({
    sourceId: setId,
    title,
    ...text.finish(title),
    language: languageTag(find(label, "languageCode")?.attributes.code) ?? "en",
    url: dailyMedAddress(setId),
    publishedOn: compactDate(find(label, "effectiveTime")?.attributes.value),
    publication: product.manufacturer || null,
    publicationTypes: [sectionName(find(label, "code")?.attributes.displayName ?? "Drug label")],
    evidenceLevel: "label",
    isSample,
    identifiers: identifiersOf({ setId, ndc: metadata.productCodes }),
    metadata: present({
      ...metadata,
      labelTitle: ownTitle,
      sectionCodes: Object.keys(codes).length > 0 ? codes : "",
    }),
    original: { mediaType: "application/xml", bytes },
  });
}

function sectionsOf(element: XmlElement | null): XmlElement[] {
  return childrenOf(element, "component").flatMap((component) => childrenOf(component, "section"));
}

function addSection(
  section: XmlElement,
  outer: string[],
  inBox: boolean,
  text: DocumentText,
  codes: Record<string, string>,
): void {
  const code = find(section, "code");
  const loinc = code?.attributes.code ?? "";
  if (loinc === productDataCode) return;
  const isBox = loinc === boxedWarningCode;
  const label = isBox ? boxedWarning : headingOf(section, code);
  const path = label === null || outer.at(-1) === label ? outer : [...outer, label];
  if (label !== null && loinc !== "") codes[path.join(" > ")] ??= loinc;
  const boxed = isBox || inBox;
  const heading = boxed ? { path, boxed } : { path };
  const children = sectionsOf(section);
  const notes = newNotes();
  const own = childrenOf(section, "text").flatMap((part) => blocksOf(part, notes));
  // A boxed warning's own title is part of the warning.
  const warning = isBox ? lineOf(find(section, "title")) : "";
  if (warning !== "" && warning.toLowerCase() !== boxedWarning.toLowerCase()) text.add(warning, heading);
  // Highlights repeat the section in short; they are read only where they are all there is.
  const highlights = own.length > 0 || children.length > 0 ? [] : descendants(find(section, "excerpt"), "text");
  for (const block of [...own, ...highlights.flatMap((part) => blocksOf(part, notes))]) text.add(block, heading);
  for (const child of children) addSection(child, path, boxed, text, codes);
}

/** A section's title; without one its LOINC name, unless that says only "unclassified". */
function headingOf(section: XmlElement, code: XmlElement | null): string | null {
  const title = lineOf(find(section, "title"));
  if (title !== "") return title;
  const name = code?.attributes.displayName ?? "";
  return name === "" || /unclassified/i.test(name) ? null : sectionName(name);
}

function readProduct(label: XmlElement): Product {
  const product = descendants(find(label, "component", "structuredBody"), "manufacturedProduct")
    .map((outer) => find(outer, "manufacturedProduct") ?? find(outer, "manufacturedMedicine") ?? outer)
    .find((inner) => find(inner, "name") !== null);
  const name = find(product, "name");
  const suffix = lineOf(find(name, "suffix"));
  const brand = name ? lineOf({ ...name, children: name.children.filter((node) => typeof node === "string") }) : "";
  const organisation = find(label, "author", "assignedEntity", "representedOrganization", "name");
  return {
    brand: [brand, suffix].filter(Boolean).join(" "),
    generic: lineOf(find(product, "asEntityWithGeneric", "genericMedicine", "name")),
    form: find(product, "formCode")?.attributes.displayName ?? "",
    manufacturer: lineOf(organisation),
  };
}

function readMetadata(label: XmlElement, product: Product) {
  const body = find(label, "component", "structuredBody");
  const active = descendants(body, "ingredient").filter((item) => /^ACT/.test(item.attributes.classCode ?? ""));
  const names = (elements: XmlElement[]) => [...new Set(elements.map(lineOf).filter(Boolean))];
  const substances = [
    ...active.flatMap((item) => childrenOf(item, "ingredientSubstance")),
    ...descendants(body, "activeIngredientSubstance"),
  ];
  const codes = descendants(body, "manufacturedProduct").flatMap((item) => childrenOf(item, "code"));
  return {
    setId: find(label, "setId")?.attributes.root,
    documentId: find(label, "id")?.attributes.root,
    version: find(label, "versionNumber")?.attributes.value,
    brandName: product.brand,
    genericName: product.generic,
    manufacturer: product.manufacturer,
    dosageForm: product.form,
    routes: [
      ...new Set(
        descendants(body, "routeCode")
          .map((route) => route.attributes.displayName ?? "")
          .filter(Boolean),
      ),
    ],
    substances: names(substances.flatMap((substance) => childrenOf(substance, "name"))),
    activeMoieties: names(descendants(body, "activeMoiety").flatMap((moiety) => childrenOf(moiety, "name"))),
    productCodes: [...new Set(codes.map((code) => code.attributes.code ?? "").filter(Boolean))],
    marketingCategory: descendants(body, "approval")
      .map((approval) => find(approval, "code")?.attributes.displayName ?? "")
      .find(Boolean),
    applicationNumber: descendants(body, "approval")
      .map((approval) => find(approval, "id")?.attributes.extension ?? "")
      .find(Boolean),
    sourceProductCode: descendants(body, "asEquivalentEntity")
      .flatMap((item) => descendants(item, "code"))
      .map((code) => code.attributes.code ?? "")
      .find((code) => /^\d+-\d+/.test(code)),
  };
}

import { z } from "zod";
import type { ParsedDocument, ParsedRecord, Parser, ParserInput } from "../types.ts";
import { DocumentText } from "./document-text.ts";
import { boxedWarning, dailyMedAddress, labelTitle, sectionName } from "./drug-label.ts";
import { compactDate, makeDocument, plainLine, present } from "./fields.ts";
import { htmlBlocks } from "./html.ts";
import { identifiersOf } from "./identifiers.ts";
import { cutJson, type JsonCut, parseJson } from "./json-cutter.ts";
import { failureOf, RecordError } from "./record-error.ts";

/** The largest label of the API's files is about 5 MB; one past this is refused. */
export const openFdaRecordLimit = 32 * 1024 * 1024;

/**
 * openFDA drug labels (https://open.fda.gov/apis/drug/label/): the API's `{meta, results}`, an array, one object, or
 * one object a line. One document a label, one section a field.
 */
export const parse: Parser = async function* (input: ParserInput): AsyncGenerator<ParsedRecord> {
  for await (const cut of cutJson(input.open(), openFdaRecordLimit)) yield readCut(cut, input);
};

function readCut(cut: JsonCut, input: ParserInput): ParsedRecord {
  const position = { file: input.file, record: cut.record, offset: cut.offset };
  if (cut.kind === "failure") {
    return { kind: "failure", failure: { position, sourceId: null, code: cut.code, reason: cut.reason } };
  }
  try {
    return { kind: "document", document: readLabel(cut.bytes, input.isSample), position };
  } catch (error) {
    return failureOf(error, position);
  }
}

const strings = z.array(z.string()).catch([]);
const label = z.looseObject({
  set_id: z.string().optional().catch(undefined),
  id: z.string().optional().catch(undefined),
  version: z.union([z.string(), z.number()]).transform(String).optional().catch(undefined),
  effective_time: z.string().optional().catch(undefined),
  openfda: z
    .looseObject({
      brand_name: strings,
      generic_name: strings,
      manufacturer_name: strings,
      substance_name: strings,
      route: strings,
      product_type: strings,
      product_ndc: strings,
      application_number: strings,
      rxcui: strings,
      spl_set_id: strings,
    })
    .optional(),
});
type Label = z.infer<typeof label>;

const labels = new Map<string, string>(Object.entries({ spl_unclassified_section: "Other information" }));

/** Fields that are lists of strings but no text of the label. */
const notText = new Set(["spl_product_data_elements"]);

function readLabel(bytes: Uint8Array, isSample: boolean): ParsedDocument {
  const fields = readJson(bytes);
  const openfda = fields.openfda;
  const setId = fields.set_id ?? openfda?.spl_set_id[0] ?? fields.id ?? "";
  if (setId === "") throw new RecordError("missing_field", "the label has no set_id");
  const first = (values: string[] | undefined) => plainLine(values?.[0] ?? "");
  const elements = z.array(z.string()).safeParse(fields.spl_product_data_elements);
  const brand = first(openfda?.brand_name);
  const manufacturer = first(openfda?.manufacturer_name);
  const fallback = elements.success
    ? plainLine(elements.data[0] ?? "")
        .split(" ")
        .slice(0, 4)
        .join(" ")
    : "";
  const title =
    labelTitle({ brand, generic: first(openfda?.generic_name), form: "", manufacturer }) ||
    labelTitle({ brand: fallback, generic: "", form: "", manufacturer: "" }) ||
    `Drug label ${setId}`;
  const text = readSections(fields);
  if (text.isEmpty && brand === "") throw new RecordError("no_text", "the label has no section", { sourceId: setId });
  return makeDocument({
    sourceId: setId.toLowerCase(),
    title,
    ...text.finish(title),
    url: dailyMedAddress(setId),
    publishedOn: compactDate(fields.effective_time),
    publication: manufacturer || null,
    publicationTypes: (openfda?.product_type ?? []).map((type) => `${sectionName(type)} label`),
    evidenceLevel: "label",
    isSample,
    identifiers: identifiersOf({ setId, ndc: openfda?.product_ndc ?? [] }),
    metadata: present({
      setId,
      documentId: fields.id,
      version: fields.version,
      brandName: brand,
      genericName: first(openfda?.generic_name),
      manufacturer,
      routes: openfda?.route ?? [],
      substances: openfda?.substance_name ?? [],
      productCodes: openfda?.product_ndc ?? [],
      applicationNumber: first(openfda?.application_number),
      rxcui: openfda?.rxcui ?? [],
    }),
    original: { mediaType: "application/json", bytes },
  });
}

function readJson(bytes: Uint8Array): Label {
  let value: unknown;
  try {
    value = parseJson(bytes);
  } catch (cause) {
    throw new RecordError("malformed", `the record is not JSON: ${(cause as Error).message.slice(0, 120)}`, { cause });
  }
  const result = label.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const field = issue?.path.join(".");
    throw new RecordError("malformed", field ? `field ${field}: ${issue?.message}` : "the record is not a JSON object");
  }
  return result.data;
}

/** The boxed warning first, the rest as the record orders it; a `…_table` field's rows follow their section's text. */
function readSections(fields: Label): DocumentText {
  const text = new DocumentText();
  const texts = Object.entries(fields).filter((field): field is [string, string[]] => {
    return isStrings(field[1]) && !notText.has(field[0]);
  });
  const isBox = (name: string) => /^boxed_warning(?:_table)?$/.test(name);
  const ordered = [...texts.filter(([name]) => isBox(name)), ...texts.filter(([name]) => !isBox(name))];
  const tables = new Map(ordered.filter(([name]) => name.endsWith("_table")));
  const names = new Set(ordered.map(([name]) => name));
  for (const [name, values] of ordered) {
    const base = name.endsWith("_table") ? name.slice(0, -"_table".length) : name;
    if (name !== base && names.has(base)) continue;
    const label = isBox(name) ? boxedWarning : (labels.get(base) ?? sectionName(base));
    const heading = isBox(name) ? { path: [label], boxed: true } : { path: [label] };
    if (name === base) for (const value of values) text.add(sectionText(value, label), heading);
    for (const html of tables.get(`${base}_table`) ?? [])
      for (const block of htmlBlocks(html)) text.add(block, heading);
  }
  return text;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

const headings = new Map<string, RegExp>();

/** A section's own heading at its beginning, numbered or not. */
function headingPattern(label: string): RegExp {
  const known = headings.get(label);
  if (known) return known;
  const pattern = new RegExp(
    `^(?:\\d+(?:\\.\\d+)*\\.?\\s+)?${escaped(label).replace(/ and | & /g, " (?:and|&) ")}[:.]?\\s+(?=\\S)`,
    "i",
  );
  if (headings.size < 1000) headings.set(label, pattern);
  return pattern;
}

/** The API joins a section into one string, its heading in front (often twice) and its bullets inside. */
function sectionText(value: string, label: string): string {
  let text = plainLine(value);
  text = text.replace(headingPattern(label), "");
  const doubled = /^(\p{Lu}[^.:;■•]{1,60}?) \1(:? )(?=\S)/u.exec(text);
  // "Uses Uses temporarily" repeats the heading; "Liver warning Liver warning: …" leads its own sentence.
  if (doubled) text = text.slice(doubled[0].length - (doubled[2] === ": " ? (doubled[1] ?? "").length + 2 : 0));
  return bulletSigns.some((sign) => text.includes(sign)) ? withLines(text) : text.trim();
}

const bulletSigns = ["•", "■", "▪", "●"];

/** A line for each bullet. White space is single spaces by now. */
function withLines(text: string): string {
  return text
    .split(/[■•▪●] /)
    .map((part, index, parts) => (index < parts.length - 1 ? part.trimEnd() : part))
    .join("\n• ")
    .trim();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

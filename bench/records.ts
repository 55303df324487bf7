import { generateDocuments, randomNumbers } from "./text.ts";

/** A record as its file holds it, and its place among many. */
type Write = (index: number) => string;

const seed = 41;
const varied = 400;

/**
 * PubMed's XML with what its records hold: structured abstracts, authors with affiliations, MeSH, substances, and the
 * references of every second one. `bytes` long or a little longer, in chunks as a file is read.
 */
export function pubmedXml(bytes: number): AsyncIterable<Uint8Array> {
  const head = `<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">\n<PubmedArticleSet>\n`;
  return repeated({ bytes, head, foot: "</PubmedArticleSet>\n", between: "\n", write: articleWriter() });
}

/** openFDA's bulk label files: `{meta, results}`, indented, labels of 20 to 100 kB. */
export function openFdaJson(bytes: number): AsyncIterable<Uint8Array> {
  const head = `{\n  "meta": {\n    "last_updated": "2024-05-01",\n    "results": { "skip": 0, "limit": 20000, "total": 20000 }\n  },\n  "results": [\n`;
  return repeated({ bytes, head, foot: "\n  ]\n}\n", between: ",\n", write: labelWriter() });
}

interface Repetition {
  bytes: number;
  head: string;
  foot: string;
  between: string;
  write: Write;
}

const chunkBytes = 1 << 16;

/** The same few hundred records again and again, made once: what is measured is the reading. */
async function* repeated({ bytes, head, foot, between, write }: Repetition): AsyncGenerator<Uint8Array> {
  const records = Array.from({ length: varied }, (_, index) => Buffer.from(write(index)));
  yield Buffer.from(head);
  let written = head.length;
  const separator = Buffer.from(between);
  const chunk: Buffer[] = [];
  let held = 0;
  for (let index = 0; written < bytes; index += 1) {
    const record = records[index % varied] as Buffer;
    if (index > 0) chunk.push(separator);
    chunk.push(record);
    held += record.length + separator.length;
    written += record.length + separator.length;
    if (held < chunkBytes) continue;
    yield Buffer.concat(chunk);
    chunk.length = 0;
    held = 0;
  }
  yield Buffer.concat([...chunk, Buffer.from(foot)]);
}

function articleWriter(): Write {
  const texts = generateDocuments(varied, seed);
  const random = randomNumbers(seed);
  return (index) => {
    const { title, text } = texts[index] as (typeof texts)[number];
    const pmid = 30_000_000 + index;
    const labels = ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"];
    const part = Math.ceil(text.length / labels.length);
    const abstract = labels.map((label, at) => {
      const words = text.slice(at * part, (at + 1) * part).trim();
      return `<AbstractText Label="${label}" NlmCategory="${label}">${words} (p &lt; 0.0${at + 1}; 5–${at + 7} mg/m<sup>2</sup>)</AbstractText>`;
    });
    const author = (at: number) =>
      `<Author ValidYN="Y"><LastName>Muster${at}</LastName><ForeName>Eva ${at}</ForeName><Initials>E</Initials><AffiliationInfo><Affiliation>Department of Fixtures, University of Examples, Musterstraße ${at}, 10115 Berlin, Germany.</Affiliation></AffiliationInfo></Author>`;
    const mesh = (at: number) =>
      `<MeshHeading><DescriptorName UI="D00${1000 + at}" MajorTopicYN="N">Descriptor ${at}</DescriptorName><QualifierName UI="Q000${100 + at}" MajorTopicYN="Y">therapy</QualifierName></MeshHeading>`;
    const reference = (at: number) =>
      `<Reference><Citation>Muster E. A study of fixtures, part ${at}. J Fix. 2012;${at}(4):123-31.</Citation><ArticleIdList><ArticleId IdType="pubmed">${pmid - at}</ArticleId><ArticleId IdType="doi">10.1000/fix.${pmid - at}</ArticleId></ArticleIdList></Reference>`;
    const many = (count: number, make: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => make(at)).join("\n");
    const references =
      index % 2 === 0 ? `<ReferenceList>${many(15 + Math.floor(random() * 15), reference)}</ReferenceList>` : "";
    return `<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated"><PMID Version="1">${pmid}</PMID>
<DateRevised><Year>2024</Year><Month>04</Month><Day>10</Day></DateRevised><Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">1234-5678</ISSN>
<JournalIssue CitedMedium="Internet"><Volume>18</Volume><Issue>5</Issue><PubDate><Year>2018</Year><Month>May</Month></PubDate></JournalIssue><Title>Journal of Fixtures</Title><ISOAbbreviation>J Fix</ISOAbbreviation></Journal>
<ArticleTitle>${title}.</ArticleTitle><Pagination><MedlinePgn>12-19</MedlinePgn></Pagination><ELocationID EIdType="doi" ValidYN="Y">10.1000/fix.${pmid}</ELocationID><Abstract>${abstract.join("\n")}</Abstract>
<AuthorList CompleteYN="Y">${many(4 + Math.floor(random() * 5), author)}</AuthorList><Language>eng</Language><PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType><PublicationType UI="D016449">Randomized Controlled Trial</PublicationType></PublicationTypeList></Article>
<MedlineJournalInfo><Country>Germany</Country><MedlineTA>J Fix</MedlineTA><NlmUniqueID>1234567</NlmUniqueID></MedlineJournalInfo><ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D000${index}">Substance ${index}</NameOfSubstance></Chemical></ChemicalList>
<MeshHeadingList>${many(8 + Math.floor(random() * 6), mesh)}</MeshHeadingList></MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="received"><Year>2018</Year><Month>1</Month><Day>2</Day></PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">${pmid}</ArticleId><ArticleId IdType="doi">10.1000/fix.${pmid}</ArticleId></ArticleIdList>${references}</PubmedData></PubmedArticle>`;
  };
}

const sections = [
  "indications_and_usage",
  "dosage_and_administration",
  "dosage_forms_and_strengths",
  "contraindications",
  "warnings_and_cautions",
  "adverse_reactions",
  "drug_interactions",
  "use_in_specific_populations",
  "overdosage",
  "description",
  "clinical_pharmacology",
  "clinical_studies",
  "how_supplied",
  "information_for_patients",
];

function labelWriter(): Write {
  const texts = generateDocuments(varied, seed + 1).map(({ text }) => text);
  const random = randomNumbers(seed + 1);
  return (index) => {
    const textOf = (name: string, number: number) => {
      const paragraphs = Array.from(
        { length: 1 + Math.floor(random() * 5) },
        () => texts[Math.floor(random() * varied)],
      );
      const bullets = `• below 65 years: "5 mg" ≥ once daily • from 65 years: 2.5 mg [see Warnings (5.${number})]`;
      return `${number} ${name.toUpperCase().replaceAll("_", " ")} ${paragraphs.join(" ")} ${bullets}`;
    };
    const row = (at: number) =>
      `<tr><td styleCode="Lrule Rrule" align="center"><content styleCode="bold">Event ${at}</content></td><td>${at} (1.${at}%)</td><td>${at + 2}</td></tr>`;
    const table = `<table width="100%" ID="t${index}"><caption>Events</caption><tbody>${Array.from({ length: 12 }, (_, at) => row(at)).join("")}</tbody></table>`;
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
    const fields = sections.map((name, number) => [name, [textOf(name, number + 1)]]);
    const label = {
      spl_product_data_elements: [`Examplex ${index} examplin EXAMPLIN SODIUM EXAMPLIN`],
      boxed_warning: [textOf("boxed_warning", 0)],
      ...Object.fromEntries(fields),
      adverse_reactions_table: [table],
      set_id: id,
      id,
      effective_time: "20240301",
      version: "7",
      openfda: {
        application_number: ["NDA000001"],
        brand_name: [`EXAMPLEX ${index}`],
        generic_name: ["EXAMPLIN"],
        manufacturer_name: ["Fixture Pharma"],
        product_ndc: ["00001-0002"],
        product_type: ["HUMAN PRESCRIPTION DRUG"],
        route: ["ORAL"],
        substance_name: ["EXAMPLIN SODIUM"],
      },
    };
    return JSON.stringify(label, null, 2).replace(/^/gm, "    ");
  };
}

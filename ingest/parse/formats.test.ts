import { expect, test } from "vitest";
import { parse as beir } from "./beir.ts";
import { formatOf, parserFor } from "./index.ts";
import { parse as jats } from "./jats.ts";
import { parse as medlineplus } from "./medlineplus.ts";
import { parse as openfda } from "./openfda.ts";
import { parse as spl } from "./spl.ts";
import { documentsOf, failuresOf, inputOf, readAll, sectionText } from "./test-input.ts";

const article = `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.0//EN" "JATS.dtd">
<article article-type="research-article" xml:lang="en" xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-title-group><journal-title>Fixture Medicine</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">5</article-id><article-id pub-id-type="pmc">123</article-id><article-id pub-id-type="doi">10.1/f</article-id>
<title-group><article-title>Drug A for B: a randomised controlled trial</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Muster</surname><given-names>Eva</given-names></name></contrib></contrib-group>
<pub-date pub-type="ppub"><year>2019</year></pub-date><pub-date pub-type="epub"><day>3</day><month>2</month><year>2020</year></pub-date>
<related-article related-article-type="retraction-forward" xlink:href="10.1/r"/>
<abstract><sec><title>Aim</title><p>To test A.</p></sec></abstract><kwd-group><kwd>asthma</kwd></kwd-group></article-meta></front>
<body><sec sec-type="methods"><title>Methods</title><p>We gave 5&#160;mg/m<sup>2</sup> as before<sup><xref ref-type="bibr" rid="b1">1</xref>,<xref ref-type="bibr" rid="b2">2</xref></sup>. It worked [<xref ref-type="bibr" rid="b3">3</xref>].</p>
<sec><title>Statistics</title><p>The ratio <inline-formula><mml:math xmlns:mml="m"><mml:mfrac><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfrac></mml:math></inline-formula> was used.</p>
<list list-type="bullet"><list-item><p>first</p></list-item><list-item><p>second</p></list-item></list></sec><p>After all.</p></sec>
<sec><title>Results</title><table-wrap><label>Table 1</label><caption><p>Outcomes</p></caption><table><thead><tr><th>Group</th><th>n</th></tr></thead><tbody><tr><td rowspan="2">A</td><td>1</td></tr><tr><td>2</td></tr></tbody></table><table-wrap-foot><fn><label>*</label><p>Adjusted.</p></fn></table-wrap-foot></table-wrap>
<fig><label>Figure 1</label><caption><title>Flow.</title><p>All patients.</p></caption></fig><boxed-text><p>Key point.</p></boxed-text></sec></body>
<back><ref-list><ref id="b1"><mixed-citation>Never shown.</mixed-citation></ref></ref-list></back></article>`;

test("JATS: front matter, nested sections, tables, lists, formulas; references left out", async () => {
  const [document] = documentsOf(await readAll(jats, inputOf(article)));
  expect(document).toMatchObject({
    sourceId: "PMC123",
    title: "Drug A for B: a randomised controlled trial",
    publication: "Fixture Medicine",
    authors: ["Eva Muster"],
    publishedOn: "2020-02-03",
    evidenceLevel: "randomised_trial",
    status: "retracted",
    statusNote: "This article was retracted. Notice: 10.1/r.",
    links: [{ kind: "retraction_in", sourceId: "doi:10.1/r" }],
    identifiers: ["pmid:5", "pmcid:PMC123", "doi:10.1/f"],
    metadata: { pmid: "5", doi: "10.1/f", keywords: ["asthma"] },
  });
  expect(document?.sections.map(({ path }) => path.join(" > "))).toEqual([
    "Abstract > Aim",
    "Methods",
    "Methods > Statistics",
    "Methods",
    "Results",
  ]);
  expect(document && sectionText(document, "Methods")).toBe("We gave 5 mg/m² as before[1,2]. It worked [3].");
  expect(document && sectionText(document, "Statistics")).toBe("The ratio a/b was used.\n\n• first\n• second");
  expect(document && sectionText(document, "Results")).toBe(
    "Table 1. Outcomes\nGroup | n\nA | 1\nA | 2\n* Adjusted.\n\nFigure 1. Flow. All patients.\n\nKey point.",
  );
  expect(document?.text).not.toContain("Never shown");
});

test.each([
  ["research-article", "retraction-forward", "retraction_in", "retracted"],
  ["research-article", "concern-forward", "concern_in", "concern"],
  ["research-article", "partial-retraction", "concern_in", "concern"],
  ["research-article", "correction-forward", "erratum_in", "current"],
  ["research-article", "addendum", "erratum_in", "current"],
  ["research-article", "companion", "other", "current"],
  ["research-article", "constructor", "other", "current"],
  ["constructor", "retraction-forward", "retraction_in", "retracted"],
  ["retraction", "retracted-article", "retraction_of", "current"],
  ["retraction", "retraction-forward", "retraction_of", "current"],
  ["retraction", "companion", "other", "current"],
  ["partial-retraction", "partial-retraction", "concern_for", "current"],
  ["expression-of-concern", "object-of-concern", "concern_for", "current"],
  ["correction", "corrected-article", "erratum_for", "current"],
  ["addendum", "addended-article", "erratum_for", "current"],
  ["research-article", "updated-article", "update_of", "current"],
])("JATS: a %s with a %s links as %s", async (articleType, relation, kind, status) => {
  const xml = article
    .replace('article-type="research-article"', `article-type="${articleType}"`)
    .replace("retraction-forward", relation)
    .replace("<article-title>Drug A", `<article-title>${articleType === "retraction" ? "Retracted: " : ""}Drug A`);
  const [document] = documentsOf(await readAll(jats, inputOf(xml)));
  expect(document).toMatchObject({ status, links: [{ kind, sourceId: "doi:10.1/r" }] });
});

test.each([
  ['ext-link-type="doi" xlink:href="https://doi.org/10.1000/ABC"', "doi:10.1000/abc"],
  ['ext-link-type="doi" xlink:href="info:doi/10.1000/ABC"', "doi:10.1000/abc"],
  ['ext-link-type="pmc" xlink:href="77"', "pmcid:PMC77"],
  ['ext-link-type="pubmed" xlink:href="88"', "88"],
  ['ext-link-type="uri" xlink:href="https://example.org/a"', "https://example.org/a"],
])("JATS: a related article by %s", async (attributes, sourceId) => {
  const [document] = documentsOf(await readAll(jats, inputOf(article.replace('xlink:href="10.1/r"', attributes))));
  expect(document?.links).toMatchObject([{ kind: "retraction_in", sourceId }]);
});

test("JATS: an article without any id is a failure", async () => {
  const xml = article.replace(/<article-id.*?<\/article-id>/g, "");
  expect(failuresOf(await readAll(jats, inputOf(xml)))).toMatchObject([{ code: "missing_field" }]);
});

const label = `<?xml version="1.0"?><document xmlns="urn:hl7-org:v3"><id root="d1"/><code code="34391-3" displayName="HUMAN PRESCRIPTION DRUG LABEL"/>
<title>These highlights do not include all the information</title><effectiveTime value="20240301"/><setId root="AAAAAAAA-0000-0000-0000-000000000001"/><versionNumber value="7"/>
<author><assignedEntity><representedOrganization><name>Fixture Pharma</name></representedOrganization></assignedEntity></author>
<component><structuredBody><component><section><code code="48780-1" displayName="SPL product data elements section"/><subject><manufacturedProduct><manufacturedProduct><code code="0001-0002"/><name>EXAMPLEX</name><formCode displayName="TABLET, FILM COATED"/><asEntityWithGeneric><genericMedicine><name>examplin</name></genericMedicine></asEntityWithGeneric><ingredient classCode="ACTIB"><ingredientSubstance><name>EXAMPLIN SODIUM</name></ingredientSubstance></ingredient></manufacturedProduct><consumedIn><substanceAdministration><routeCode displayName="ORAL"/></substanceAdministration></consumedIn></manufacturedProduct></subject></section></component>
<component><section><code code="34066-1" displayName="BOXED WARNING SECTION"/><title>WARNING: BLEEDING</title><text><paragraph>May bleed.</paragraph></text></section></component>
<component><section><code code="34068-7" displayName="DOSAGE &amp; ADMINISTRATION SECTION"/><title>2 DOSAGE</title><text><paragraph>Take 5 mg.</paragraph></text>
<component><section><code code="42229-5" displayName="SPL UNCLASSIFIED SECTION"/><title>2.1 Adults</title><text><table><caption>Doses</caption><thead><tr><th>Age</th><th>Dose</th></tr></thead><tfoot><tr><td colspan="2">Foot</td></tr></tfoot><tbody><tr><td>18</td><td>5 mg<footnote ID="f1">with food</footnote></td></tr></tbody></table><list listType="unordered"><item>morning</item></list></text></section></component></section></component>
</structuredBody></component></document>`;

test("SPL: product title, boxed warning, nested sections, tables with their foot and notes last", async () => {
  const [document] = documentsOf(await readAll(spl, inputOf(label)));
  expect(document).toMatchObject({
    sourceId: "aaaaaaaa-0000-0000-0000-000000000001",
    title: "Examplex (examplin) tablet, film coated – Fixture Pharma",
    publishedOn: "2024-03-01",
    publication: "Fixture Pharma",
    evidenceLevel: "label",
    identifiers: ["setid:aaaaaaaa-0000-0000-0000-000000000001", "ndc:0001-0002"],
    metadata: {
      version: "7",
      brandName: "EXAMPLEX",
      genericName: "examplin",
      routes: ["ORAL"],
      substances: ["EXAMPLIN SODIUM"],
    },
  });
  expect(document?.sections[0]).toMatchObject({ label: "Boxed warning", boxed: true });
  expect(document && sectionText(document, "Boxed warning")).toBe("WARNING: BLEEDING\n\nMay bleed.");
  expect(document?.sections.at(-1)?.path).toEqual(["2 DOSAGE", "2.1 Adults"]);
  expect(document && sectionText(document, "2.1 Adults")).toBe(
    "Doses\nAge | Dose\n18 | 5 mg*\nFoot\n* with food\n\n• morning",
  );
});

const openFdaLabel = (id: string) =>
  JSON.stringify({
    set_id: id,
    version: "2",
    effective_time: "20240301",
    indications_and_usage: ['1 INDICATIONS AND USAGE Examplex is for "rest" {only}.'],
    boxed_warning: ["WARNING: BLEEDING May bleed."],
    warnings: ["Warnings Do not use ■ if pregnant ■ if young"],
    dosage_and_administration_table: ["<table><tr><td>Age</td><td>Dose</td></tr></table>"],
    openfda: {
      brand_name: ["EXAMPLEX"],
      generic_name: ["EXAMPLIN"],
      manufacturer_name: ["Fixture Pharma"],
      product_ndc: ["0001-0002"],
    },
  });

test("openFDA: the API's object, an array, one object, lines; boxed warning first", async () => {
  const [a, b] = [openFdaLabel("A"), openFdaLabel("B")];
  const forms = [
    `{"meta":{"results":{"total":2}},"results":[${a},\n${b}],"more":["]"]}`,
    `[${a},${b}]`,
    `${a}\n${b}\n`,
  ];
  for (const form of forms) {
    for (const chunkSize of [1, 50, 10_000]) {
      const records = await readAll(openfda, inputOf(form, { chunkSize }));
      expect(failuresOf(records)).toEqual([]);
      expect(documentsOf(records).map(({ sourceId }) => sourceId)).toEqual(["a", "b"]);
    }
  }
  const [document] = documentsOf(await readAll(openfda, inputOf(a)));
  expect(document).toMatchObject({
    title: "Examplex (examplin) – Fixture Pharma",
    publishedOn: "2024-03-01",
    identifiers: ["setid:a", "ndc:0001-0002"],
    metadata: { version: "2" },
  });
  expect(document?.sections[0]).toMatchObject({ label: "Boxed warning", boxed: true });
  expect(document && sectionText(document, "Indications and usage")).toBe('Examplex is for "rest" {only}.');
  expect(document && sectionText(document, "Warnings")).toBe("Do not use\n• if pregnant\n• if young");
  expect(document && sectionText(document, "Dosage and administration")).toBe("Age | Dose");
});

test("openFDA: a bad element is a failure and the rest goes on; a cut file says so", async () => {
  const a = openFdaLabel("A");
  const records = await readAll(openfda, inputOf(`{"results":[{"set_id":"X", bad},5,{"id":3},${a}]}`));
  expect(failuresOf(records)).toMatchObject([
    { code: "malformed", position: { record: 1 } },
    { code: "malformed", position: { record: 2 } },
    { code: "missing_field", position: { record: 3 } },
  ]);
  expect(documentsOf(records)).toHaveLength(1);
  expect(failuresOf(await readAll(openfda, inputOf(`{"results":[${a}`)))).toMatchObject([{ code: "malformed" }]);
  expect(failuresOf(await readAll(openfda, inputOf(`{"results":[${a.slice(0, -9)}`)))).toMatchObject([
    { code: "malformed" },
  ]);
});

test("MedlinePlus: both languages, escaped HTML as lines and sections", async () => {
  const topic = (id: string, language: string, html: string) =>
    `<health-topic title="Topic ${id}" url="https://example.org/${id}" id="${id}" language="${language}" date-created="01/07/2003"><also-called>Other name</also-called><full-summary>${html.replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</full-summary><group>Lungs</group><mesh-heading><descriptor id="D1">Asthma</descriptor></mesh-heading></health-topic>`;
  const html =
    "<p>Call if:</p><ul><li>it hurts</li><li>it <b>swells</b></li></ul><h3>Treatment</h3><p>Rest &amp;amp; water.</p><script>alert(1)</script>";
  const xml = `<health-topics>${topic("1", "English", html)}${topic("2", "Spanish", "<p>Dolor.</p>")}</health-topics>`;
  const [english, spanish] = documentsOf(await readAll(medlineplus, inputOf(xml)));
  expect(english).toMatchObject({
    sourceId: "1",
    title: "Topic 1",
    language: "en",
    publishedOn: "2003-01-07",
    url: "https://example.org/1",
    meshTerms: ["Asthma"],
    evidenceLevel: "consumer",
    text: "Call if:\n\n• it hurts\n• it swells\n\nRest & water.",
    metadata: { alsoCalled: ["Other name"], groups: ["Lungs"] },
  });
  expect(english && sectionText(english, "Treatment")).toBe("Rest & water.");
  expect(spanish).toMatchObject({ language: "es", text: "Dolor." });
});

test("MedlinePlus: only a topic on its own site is called MedlinePlus", async () => {
  const topic = (id: string, url: string, inside = "") =>
    `<health-topic title="T" url="${url}" id="${id}"><full-summary>Rest.</full-summary>${inside}</health-topic>`;
  const site = (url: string, name: string) =>
    `<site title="T" url="${url}"><organization>${name}</organization></site>`;
  const topics = [
    topic("1", "https://medlineplus.gov/t.html", site("https://example.org/x", "Elsewhere")),
    topic(
      "2",
      "https://example.org/t",
      site("https://example.org/x", "Elsewhere") + site("https://example.org/t", "Own"),
    ),
    topic("3", "https://example.org/medlineplus.gov", "<primary-institute>Institute</primary-institute>"),
    topic("4", "https://notmedlineplus.gov/t"),
  ];
  const documents = documentsOf(
    await readAll(medlineplus, inputOf(`<health-topics>${topics.join("")}</health-topics>`)),
  );
  expect(documents.map(({ publication }) => publication)).toEqual(["MedlinePlus", "Own", "Institute", null]);
});

test("SPL and JATS: bullets stay bullets, numbers numbers", async () => {
  const list = (kind: string) => `<list listType="${kind}"><item>one</item><item>two</item></list>`;
  const xml = label.replace(/<list .*<\/list>/, `${list("unordered")}${list("ordered")}`);
  const [document] = documentsOf(await readAll(spl, inputOf(xml)));
  expect(document && sectionText(document, "2.1 Adults")).toMatch(/• one\n• two\s+1\. one\n2\. two$/);
});

test("BEIR: lines to documents, each bad line a failure", async () => {
  const lines = [
    '{"_id":"a","title":"T","text":"One.\\u0000 Two."}',
    "",
    "{bad",
    '{"title":"no id"}',
    '["x"]',
    '{"_id":7,"text":"","title":""}',
    '{"_id":"z","text":"Only text."}',
  ];
  const records = await readAll(beir, inputOf(lines.join("\n"), { chunkSize: 5 }));
  expect(documentsOf(records)).toMatchObject([
    { sourceId: "a", title: "T", text: "One. Two." },
    { sourceId: "z", title: "Only text.", text: "Only text." },
  ]);
  expect(failuresOf(records).map(({ code, position }) => [code, position.record])).toEqual([
    ["malformed", 2],
    ["missing_field", 3],
    ["malformed", 4],
    ["no_text", 5],
  ]);
});

test("the format follows the source and the file's ending", async () => {
  expect(formatOf("pubmed", "a/B.XML.gz")).toBe("pubmed");
  expect(formatOf("pmc", "x.nxml")).toBe("jats");
  expect(formatOf("drug_label", "x.json")).toBe("openfda");
  for (const source of ["pubmed", "guideline", "beir"] as const) expect(formatOf(source, "corpus.jsonl")).toBe("beir");
  await expect(parserFor("guideline", "notes.docx")).rejects.toThrow(/notes\.docx.*\.pdf/);
});

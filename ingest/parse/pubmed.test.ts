import { expect, test } from "vitest";
import { parserFor } from "./index.ts";
import { parse } from "./pubmed.ts";
import { documentsOf, failuresOf, inputOf, readAll, sectionText } from "./test-input.ts";

const article = (pmid: string, inside = "", extra = "") => `<PubmedArticle><MedlineCitation>
  <PMID Version="1">${pmid}</PMID><DateRevised><Year>2022</Year><Month>04</Month><Day>10</Day></DateRevised>
  <Article><Journal><ISSN>1</ISSN><JournalIssue><PubDate><Year>2018</Year><Month>May</Month></PubDate></JournalIssue>
  <Title>Journal of Fixtures</Title></Journal><ArticleTitle>Effect of <i>drug</i> A on B.</ArticleTitle>${inside}
  <Language>ger</Language><PublicationTypeList><PublicationType>Randomized Controlled Trial</PublicationType></PublicationTypeList></Article>
  ${extra}</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">10.1/x</ArticleId><ArticleId IdType="pmc">PMC9</ArticleId></ArticleIdList></PubmedData></PubmedArticle>`;
const set = (...records: string[]) =>
  `<?xml version="1.0"?>\n<PubmedArticleSet>${records.join("\n")}</PubmedArticleSet>`;

const structured = `<Abstract><AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Counts fell to 10<sup>9</sup>/L with &#946;
    <sub>2</sub>-agonists &amp; rest.</AbstractText><AbstractText Label="RESULTS">Risk fell by 5&#160;%.</AbstractText></Abstract>
  <AuthorList><Author><LastName>Muster</LastName><ForeName>Eva</ForeName></Author><Author><CollectiveName>Trial Group</CollectiveName></Author></AuthorList>`;

test("reads an article field by field", async () => {
  const mesh = `<MeshHeadingList><MeshHeading><DescriptorName UI="D1" MajorTopicYN="N">Asthma</DescriptorName><QualifierName MajorTopicYN="Y">drug therapy</QualifierName></MeshHeading></MeshHeadingList>`;
  const [document] = documentsOf(
    await readAll(parse, inputOf(set(article("11", structured, mesh)), { isSample: true })),
  );
  expect(document).toMatchObject({
    sourceId: "11",
    title: "Effect of drug A on B.",
    text: "Counts fell to 10⁹/L with β2-agonists & rest.\n\nRisk fell by 5 %.",
    language: "de",
    url: "https://pubmed.ncbi.nlm.nih.gov/11/",
    publishedOn: "2018-05",
    revisedOn: "2022-04-10",
    authors: ["Eva Muster", "Trial Group"],
    publication: "Journal of Fixtures",
    meshTerms: ["Asthma"],
    evidenceLevel: "randomised_trial",
    status: "current",
    isSample: true,
    metadata: { doi: "10.1/x", pmcid: "PMC9", meshHeadings: [{ descriptor: "Asthma", isMajor: true }] },
  });
  expect(document && sectionText(document, "RESULTS")).toBe("Risk fell by 5 %.");
  expect(document && new TextDecoder().decode(document.original.bytes)).toBe(article("11", structured, mesh));
});

test("the title is the text when there is no abstract, the vernacular one when there is no title", async () => {
  const bare = article("12").replace(
    /<ArticleTitle>.*<\/ArticleTitle>/,
    "<ArticleTitle/><VernacularTitle>Wirkung von A.</VernacularTitle>",
  );
  expect(documentsOf(await readAll(parse, inputOf(set(bare))))[0]).toMatchObject({
    title: "Wirkung von A.",
    text: "Wirkung von A.",
    sections: [],
  });
});

test.each([
  ["RetractionIn", "retracted", "retraction_in"],
  ["ExpressionOfConcernIn", "concern", "concern_in"],
  ["UpdateIn", "superseded", "update_in"],
  ["CorrectedandRepublishedIn", "superseded", "update_in"],
  ["CorrectedandRepublishedFrom", "current", "update_of"],
  ["CommentIn", "current", "comment_in"],
  ["RetractionOf", "current", "retraction_of"],
])("%s makes the status %s", async (refType, status, kind) => {
  const links = `<CommentsCorrectionsList><CommentsCorrections RefType="${refType}"><RefSource>J Fix. 2020;1:2</RefSource><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList>`;
  const [document] = documentsOf(await readAll(parse, inputOf(set(article("13", "", links)))));
  expect(document).toMatchObject({ status, links: [{ kind, sourceId: "99" }] });
  if (status === "current") expect(document?.statusNote).toBeNull();
  else expect(document?.statusNote).toContain("J Fix. 2020;1:2; PMID 99");
});

test("reads delete lists and book chapters, and is not misled by comments, CDATA and chunk borders", async () => {
  const book = `<PubmedBookArticle><BookDocument><PMID>77</PMID><Book><Publisher><PublisherName>Fixture Press</PublisherName></Publisher><BookTitle>A Book</BookTitle><PubDate><Year>2019</Year></PubDate></Book><ArticleTitle>A chapter</ArticleTitle><Abstract><AbstractText>Text.</AbstractText></Abstract></BookDocument></PubmedBookArticle>`;
  const tricky = article(
    "14",
    "<Abstract><AbstractText><![CDATA[a </PubmedArticle> b]]><!-- </PubmedArticle> --></AbstractText></Abstract>",
  );
  const xml = set(
    "<!-- <PubmedArticle> -->",
    tricky,
    book,
    "<DeleteCitation><PMID>1</PMID><PMID>2</PMID></DeleteCitation>",
  );
  for (const chunkSize of [1, 7, 64, 100_000]) {
    const records = await readAll(parse, inputOf(xml, { chunkSize }));
    expect(failuresOf(records)).toEqual([]);
    expect(documentsOf(records)).toMatchObject([
      { sourceId: "14", text: "a </PubmedArticle> b" },
      { sourceId: "77", title: "A chapter", publication: "Fixture Press", publishedOn: "2019" },
    ]);
    expect(records.at(-1)).toMatchObject({ kind: "deletion", sourceIds: ["1", "2"] });
  }
});

test("a bad record is a failure with its place, the rest goes on", async () => {
  const cut = article("21").slice(0, -40);
  const broken = article("22").replace("</Article>", "");
  const noId = article("").replace(/<PMID.*?<\/PMID>/, "");
  const records = await readAll(parse, inputOf(set(cut, broken, noId, article("24"))));
  expect(failuresOf(records)).toMatchObject([
    { code: "malformed", position: { record: 1 } },
    { code: "malformed", position: { record: 2 }, sourceId: "22" },
    { code: "missing_field", position: { record: 3 } },
  ]);
  expect(documentsOf(records).map((document) => document.sourceId)).toEqual(["24"]);
});

test("a file cut short, empty or of another kind is a failure, an empty set is not", async () => {
  const codes = async (xml: string) => failuresOf(await readAll(parse, inputOf(xml))).map((failure) => failure.code);
  expect(await codes(set(article("1")).slice(0, -30))).toEqual(["malformed"]);
  expect(await codes("<PubmedArticleSet>")).toEqual(["malformed"]);
  expect(await codes("")).toEqual(["malformed"]);
  expect(await codes("<html><body/></html>")).toEqual(["malformed"]);
  expect(await codes("<PubmedArticleSet></PubmedArticleSet>")).toEqual([]);
});

test("a record past the limit is refused and the rest goes on", async () => {
  const huge = article("31", `<Abstract><AbstractText>${"long ".repeat(3_500_000)}</AbstractText></Abstract>`);
  const records = await readAll(parse, inputOf(set(huge, article("32")), { chunkSize: 1 << 16 }));
  expect(failuresOf(records)).toMatchObject([{ code: "too_large", position: { record: 1 } }]);
  expect(documentsOf(records)).toMatchObject([{ sourceId: "32" }]);
});

test("entity declarations are refused; one that names a character, and HTML's names, are read", async () => {
  const withDoctype = (subset: string, text: string) =>
    `<!DOCTYPE PubmedArticleSet [${subset}]>${set(article("41", `<Abstract><AbstractText>${text}</AbstractText></Abstract>`))}`;
  for (const subset of [
    '<!ENTITY a "1234567890"><!ENTITY b "&a;&a;">',
    '<!ENTITY e SYSTEM "file:///etc/passwd">',
    '<!ENTITY % p SYSTEM "http://127.0.0.1/x">',
  ]) {
    const records = await readAll(parse, inputOf(withDoctype(subset, "&a;")));
    expect(records).toHaveLength(1);
    expect(failuresOf(records)).toMatchObject([{ code: "forbidden" }]);
  }
  const [document] = documentsOf(
    await readAll(parse, inputOf(withDoctype('<!ENTITY mu "&#956;">', "5 &mu;g &alpha; &lsqb;1&rsqb;"))),
  );
  expect(document?.text).toBe("5 μg α [1]");
});

test("memory does not grow with the file", async () => {
  const chunk = new TextEncoder().encode(
    Array.from({ length: 50 }, (_, index) => article(`${index + 1}`, structured)).join("\n"),
  );
  const rounds = Math.ceil((60 * 1024 * 1024) / chunk.length);
  const input = inputOf("");
  input.open = async function* () {
    yield new TextEncoder().encode("<PubmedArticleSet>");
    for (let round = 0; round < rounds; round += 1) yield chunk;
    yield new TextEncoder().encode("</PubmedArticleSet>");
  };
  let count = 0;
  let highest = 0;
  const before = process.memoryUsage();
  for await (const record of parse(input)) {
    if (record.kind === "document") count += 1;
    if (count % 500 === 0) {
      const now = process.memoryUsage();
      highest = Math.max(highest, now.heapUsed + now.external - before.heapUsed - before.external);
    }
  }
  expect(count).toBe(rounds * 50);
  expect(highest / 1024 / 1024).toBeLessThan(200);
}, 120_000);

test.each([
  ["RetractedandRepublishedIn", "retraction_in", "retracted"],
  ["RetractedandRepublishedFrom", "retraction_of", "current"],
  ["PartialRetractionIn", "concern_in", "concern"],
  ["PartialRetractionOf", "concern_for", "current"],
  ["ExpressionOfConcernFor", "concern_for", "current"],
  ["ErratumIn", "erratum_in", "current"],
  ["ErratumFor", "erratum_for", "current"],
  ["CorrectedandRepublishedIn", "update_in", "superseded"],
  ["CorrectedandRepublishedFrom", "update_of", "current"],
  ["UpdateOf", "update_of", "current"],
  ["SummaryForPatientsIn", "other", "current"],
])("%s is the link %s, with the DOI its source names", async (refType, kind, status) => {
  const links = `<CommentsCorrectionsList><CommentsCorrections RefType="${refType}"><RefSource>J Fix. 2020. doi: 10.1000/ABC.7.</RefSource></CommentsCorrections></CommentsCorrectionsList>`;
  const [document] = documentsOf(await readAll(parse, inputOf(set(article("15", "", links)))));
  expect(document).toMatchObject({ status, links: [{ kind, sourceId: "doi:10.1000/abc.7" }] });
});

test("its names are its PMID, PMCID and DOI, not those of its references", async () => {
  const references = `<ReferenceList><Reference><ArticleIdList><ArticleId IdType="pubmed">999</ArticleId><ArticleId IdType="doi">10.9/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>`;
  const xml = article("16").replace("10.1/x", "https://doi.org/10.1/X").replace("</PubmedData>", references);
  const [document] = documentsOf(await readAll(parse, inputOf(set(xml))));
  expect(document?.identifiers).toEqual(["pmid:16", "pmcid:PMC9", "doi:10.1/x"]);
  expect(document?.metadata).toMatchObject({ doi: "10.1/x" });
});

test.each([
  ["Retracted Publication", "Effect of A.", "retracted", undefined],
  ["Journal Article", "RETRACTED: Effect of A.", "retracted", undefined],
  ["Retraction of Publication", "Retracted: Effect of A.", "current", "retraction"],
  ["Retraction Notice", "Retracted: Effect of A.", "current", "retraction"],
  ["Expression of Concern", "Concern about A.", "current", "concern"],
  ["Published Erratum", "Effect of A.", "current", "correction"],
])("the publication type %s with the title %s", async (type, title, status, notice) => {
  const xml = article("17")
    .replace(/<PublicationType>.*?<\/PublicationType>/, `<PublicationType>${type}</PublicationType>`)
    .replace(/<ArticleTitle>.*<\/ArticleTitle>/, `<ArticleTitle>${title}</ArticleTitle>`);
  const [document] = documentsOf(await readAll(parse, inputOf(set(xml))));
  expect([document?.status, document?.metadata.notice]).toEqual([status, notice]);
});

test("a list of deleted PMIDs is deletions, whatever its chunks; a line that is none is a failure", async () => {
  const deleted = await parserFor("pubmed", "deleted.pmids.gz");
  for (const chunkSize of [1, 3, 1000]) {
    const records = await readAll(deleted, inputOf("11\r\n222\n\n<html>\n3333", { chunkSize }));
    expect(failuresOf(records)).toMatchObject([{ code: "malformed", position: { record: 4 } }]);
    expect(records.filter(({ kind }) => kind === "deletion")).toMatchObject([{ sourceIds: ["11", "222", "3333"] }]);
  }
});

import { afterEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { parserFor } from "../parse/index.ts";
import { documentsOf, readAll as parseAll } from "../parse/test-input.ts";
import { openSource } from "./index.ts";
import { type RunOptions, readAll, startRun } from "./testing/context.ts";
import { articleSet, type Citation, EntrezServer } from "./testing/eutils.ts";
import { send, sendCut, sendJson, sendStatus, serve } from "./testing/server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function citations(count: number, firstId = 1, mdat = "2026-02-01", edat = mdat): Citation[] {
  return Array.from({ length: count }, (_, index) => ({ id: firstId + index, mdat, edat }));
}

async function setUp(records: Citation[], given: RunOptions = {}, intercept?: Parameters<typeof serve>[0]) {
  const entrez = new EntrezServer(records);
  const server = await serve(async (seen, response) => {
    await intercept?.(seen, response);
    if (!response.headersSent && !response.destroyed) entrez.answer(seen, response);
  });
  closing.push(server.close);
  const run = await startRun(server.url, given);
  closing.push(run.close);
  return { entrez, server, run };
}

const asthma = sourceRequest.parse({ kind: "pubmed-query", query: "asthma" });
const idsIn = (text: string) =>
  [...text.matchAll(/<MedlineCitation><PMID Version="1">(\d+)/g)].map(([, id]) => Number(id));

test("reads a search page by page from the history server, which the parser can read", async () => {
  const { server, run } = await setUp(citations(1201));
  const inputs = await readAll(run, asthma);
  expect(inputs.flatMap(({ text }) => idsIn(text))).toEqual(citations(1201).map(({ id }) => id));
  expect(inputs.map(({ cursor }) => cursor)).toEqual([undefined, undefined, { through: "2026-03-10" }]);
  expect(run.ends).toEqual([{ through: "2026-03-10" }]);
  expect(run.failures).toEqual([]);
  const [search, fetch] = server.seen;
  expect(search?.method).toBe("POST");
  expect(Object.fromEntries(search?.parameters ?? [])).toMatchObject({
    db: "pubmed",
    term: "asthma",
    usehistory: "y",
    tool: "probatum",
    email: "operator@example.org",
    api_key: "ncbi-secret",
    datetype: "mdat",
    maxdate: "2026/03/10",
  });
  expect(Object.fromEntries(fetch?.parameters ?? [])).toMatchObject({ query_key: "1", retmax: "500", retmode: "xml" });
  expect(await run.left()).toEqual([]);
});

test("gives the parser records it takes in", async () => {
  const { run } = await setUp(citations(3));
  for await (const input of openSource(asthma, run.context, run.options)) {
    const records = await parseAll(await parserFor("pubmed", input.file), input);
    expect(documentsOf(records).map(({ sourceId }) => sourceId)).toEqual(["1", "2", "3"]);
    await input.release?.();
  }
});

test("fetches nothing that the run has done already", async () => {
  const first = await setUp(citations(1201));
  const keys = (await readAll(first.run, asthma)).map(({ key }) => key);
  const second = await setUp(citations(1201), { done: keys.slice(0, 2) });
  expect((await readAll(second.run, asthma)).map(({ key }) => key)).toEqual(keys.slice(2));
  expect(second.server.asked("/eutils/efetch.fcgi")).toBe(1);
});

test("goes on from the day before its cursor", async () => {
  const records = [
    ...citations(2, 1, "2026-02-01"),
    ...citations(2, 11, "2026-03-04"),
    ...citations(2, 21, "2026-03-06"),
  ];
  const { run } = await setUp(records, { cursor: { through: "2026-03-05" } });
  const inputs = await readAll(run, asthma);
  expect(inputs.flatMap(({ text }) => idsIn(text))).toEqual([11, 12, 21, 22]);
});

test("splits what finds more than 9,999 by days, and a day by a second date, losing nothing", async () => {
  const records = [
    ...citations(7000, 1, "2026-01-10"),
    ...citations(7000, 10_001, "2026-02-10"),
    ...citations(6000, 20_001, "2026-03-01", "2020-01-01"),
    ...citations(6000, 30_001, "2026-03-01", "2024-01-01"),
  ];
  const { run } = await setUp(records);
  const got = (await readAll(run, asthma)).flatMap(({ text }) => idsIn(text));
  expect(got.length).toBe(records.length);
  expect(new Set(got).size).toBe(records.length);
  expect(run.failures).toEqual([]);
});

test("says so when one day cannot be told apart", async () => {
  const { run } = await setUp(citations(10_000, 1, "2026-03-01", "2020-01-01"));
  await expect(readAll(run, asthma)).rejects.toMatchObject({
    code: "rejected",
    reason: expect.stringContaining("10000 records share mdat 2026-03-01"),
  });
});

test("searches again when the history has expired", async () => {
  const { entrez, server, run } = await setUp(citations(600), {}, (seen) => {
    if (seen.path === "/eutils/efetch.fcgi" && server.asked("/eutils/efetch.fcgi") === 2) entrez.histories.clear();
  });
  expect((await readAll(run, asthma)).flatMap(({ text }) => idsIn(text))).toHaveLength(600);
  expect(server.asked("/eutils/esearch.fcgi")).toBe(2);
  expect(run.notes.join()).toContain("expired");
});

test("asks by ids when the search finds other records than before the history expired", async () => {
  const records = citations(600);
  const { entrez, server, run } = await setUp(records, {}, (seen) => {
    if (seen.path !== "/eutils/efetch.fcgi" || server.asked("/eutils/efetch.fcgi") !== 2) return;
    entrez.histories.clear();
    records.unshift({ id: 5000, mdat: "2026-02-01", edat: "2026-02-01" });
  });
  const got = (await readAll(run, asthma)).flatMap(({ text }) => idsIn(text));
  expect(got).toEqual(citations(600).map(({ id }) => id));
  expect(server.seen.at(-1)?.parameters.get("id")?.split(",")).toHaveLength(100);
});

test("names each record that is found and not given", async () => {
  const { entrez, run } = await setUp(citations(3));
  entrez.withheld.add(2);
  const inputs = await readAll(run, asthma);
  expect(inputs.flatMap(({ text }) => idsIn(text))).toEqual([1, 3]);
  expect(run.failures).toMatchObject([{ sourceId: "2", code: "unreadable" }]);
});

test("asks again after a page that is cut, by connection or silently, and after errors in a good answer", async () => {
  let asked = 0;
  const page = articleSet([1, 2, 3]);
  const { run } = await setUp(citations(3), {}, (seen, response) => {
    if (seen.path === "/eutils/esearch.fcgi") return;
    asked += 1;
    if (asked === 1) sendCut(response, Buffer.from(page), 200);
    else if (asked === 2) send(response, page.slice(0, 400));
    else if (asked === 3)
      send(response, "<eFetchResult><ERROR>Cannot process request, try again later</ERROR></eFetchResult>");
    else if (asked === 4) sendJson(response, { error: "API rate limit exceeded", count: "11", limit: "10" });
  });
  expect((await readAll(run, asthma)).flatMap(({ text }) => idsIn(text))).toEqual([1, 2, 3]);
  expect(run.waits).toHaveLength(4);
  expect(await run.left()).toEqual([]);
});

test("sees ESearch's refusals, of which some pass", async () => {
  const bad = await setUp([], {}, (_seen, response) =>
    send(response, '{"esearchresult":{"ERROR":"Invalid\nquery near ("}}'),
  );
  await expect(readAll(bad.run, asthma)).rejects.toMatchObject({
    code: "rejected",
    reason: "E-utilities says: Invalid query near (",
  });
  expect(bad.server.seen).toHaveLength(1);
  let asked = 0;
  const busy = await setUp(citations(1), {}, (_seen, response) => {
    asked += 1;
    if (asked === 1) sendJson(response, { esearchresult: { ERROR: "Search Backend failed: timeout" } });
    if (asked === 2) sendStatus(response, 429, '{"error":"API rate limit exceeded"}', { "retry-after": "2" });
  });
  expect(await readAll(busy.run, asthma)).toHaveLength(1);
  expect(busy.run.waits).toHaveLength(2);
});

test("fails with the field named when the form has changed", async () => {
  for (const [answer, reason] of [
    [{ esearchresult: { count: "1", idlist: ["1"], querykey: "1" } }, "esearchresult.webenv: is missing"],
    [{ esearchresult: { idlist: ["1"] } }, "esearchresult.count: is missing"],
    [{ esearchresult: { count: 3, idlist: [] } }, "esearchresult.count: "],
    [{ esearchresult: { count: "3", idlist: ["1"], webenv: "x", querykey: "1" } }, "holds 1 of 3 ids"],
    [{}, "esearchresult: is missing"],
  ] as const) {
    const { run } = await setUp([], {}, (_seen, response) => sendJson(response, answer));
    await expect(readAll(run, asthma)).rejects.toMatchObject({
      code: "changed_form",
      reason: expect.stringContaining(reason),
    });
  }
  const html = await setUp(citations(1), {}, (seen, response) => {
    if (seen.path === "/eutils/efetch.fcgi") send(response, "<SomethingElse/>");
  });
  await expect(readAll(html.run, asthma)).rejects.toMatchObject({
    code: "changed_form",
    reason: expect.stringContaining("no PubmedArticleSet"),
  });
  expect(await html.run.left()).toEqual([]);
});

test("stops asking when its reader stops, and leaves no file once released", async () => {
  const { server, run } = await setUp(citations(1500));
  for await (const input of openSource(asthma, run.context, run.options)) {
    await input.release?.();
    break;
  }
  expect(server.asked("/eutils/efetch.fcgi")).toBe(1);
  expect(await run.left()).toEqual([]);
});

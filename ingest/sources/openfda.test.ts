import { afterEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { zip } from "./testing/archives.ts";
import { type RunOptions, readAll, startRun } from "./testing/context.ts";
import { send, sendFile, sendJson, sendStatus, serve } from "./testing/server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(handle: Parameters<typeof serve>[0], given: RunOptions = {}) {
  const server = await serve(handle);
  closing.push(server.close);
  const run = await startRun(server.url, { sourceType: "drug_label", ...given });
  closing.push(run.close);
  return { server, run };
}

const label = (id: number) => ({ id: `id-${id}`, set_id: `set-${id}`, version: "1", effective_time: "20260101" });
const meta = { disclaimer: "Do not rely on openFDA.", last_updated: "2026-03-09" };
const partition = (from: number) => JSON.stringify({ meta, results: [label(from), label(from + 1)] }, null, 2);

function index(host: string, change: object = {}) {
  const file = (part: number) => `http://${host}/drug/label/drug-label-000${part}-of-0002.json.zip`;
  const partitions = [1, 2].map((part) => ({
    size_mb: "120.5",
    records: 2,
    display_name: `/drug/label (part ${part} of 2)`,
    file: file(part),
  }));
  const drug = { label: { export_date: "2026-03-09", partitions, total_records: 4, ...change } };
  return { meta: { ...meta }, results: { drug, device: {} } };
}

const bulk = sourceRequest.parse({ kind: "openfda" });
const found = sourceRequest.parse({ kind: "openfda", search: "effective_time:[20260101 TO 20261231]" });

test("reads every partition of the bulk download, unpacked, and keeps its export date", async () => {
  const { server, run } = await setUp((seen, response) => {
    const [, part] = /label-000(\d)/.exec(seen.path) ?? [];
    if (seen.path === "/download.json") return sendJson(response, index(seen.headers.host ?? ""));
    const content = partition(Number(part) * 10);
    sendFile(seen, response, zip([{ name: `drug-label-000${part}-of-0002.json`, content }]));
  });
  const inputs = await readAll(run, bulk);
  expect(inputs.map(({ file, text, cursor }) => [file, text, cursor])).toEqual([
    ["drug-label-0001-of-0002.json", partition(10), undefined],
    ["drug-label-0002-of-0002.json", partition(20), { exportDate: "2026-03-09" }],
  ]);
  expect(run.ends).toEqual([{ exportDate: "2026-03-09" }]);
  expect(await run.left()).toEqual([]);
  const done = await startRun(server.url, { done: inputs.slice(0, 1).map(({ key }) => key) });
  closing.push(done.close);
  expect((await readAll(done, bulk)).map(({ key }) => key)).toEqual([inputs[1]?.key]);
  const next = await startRun(server.url, { cursor: { exportDate: "2026-03-09" } });
  closing.push(next.close);
  expect(await readAll(next, bulk)).toEqual([]);
  expect(next.notes[0]).toContain("nothing new");
});

test("a bulk file that cannot be had is a failure, and the export counts as unread", async () => {
  const { run } = await setUp((seen, response) => {
    if (seen.path === "/download.json") return sendJson(response, index(seen.headers.host ?? "", { total_records: 5 }));
    if (seen.path.includes("0001")) return sendStatus(response, 404);
    send(response, zip([{ name: "drug-label.json", content: partition(1) }]));
  });
  expect((await readAll(run, bulk)).map(({ cursor }) => cursor)).toEqual([undefined]);
  expect(run.failures.map(({ reason }) => reason)).toEqual([
    "the index counts 5 labels, its 2 files 4",
    expect.stringContaining("answered 404"),
  ]);
  expect(run.ends).toEqual([]);
});

test("names the field of an index that has changed, and takes no file from another host", async () => {
  for (const [change, expected] of [
    [
      { export_date: undefined },
      { code: "changed_form", reason: expect.stringContaining("results.drug.label.export_date") },
    ],
    [{ partitions: [] }, { code: "changed_form", reason: expect.stringContaining("results.drug.label.partitions") }],
    [
      { partitions: [{ file: "https://evil.example/a.json.zip", records: 4 }] },
      { code: "forbidden_address", reason: expect.stringContaining("evil.example") },
    ],
  ] as const) {
    const { run } = await setUp((seen, response) => sendJson(response, index(seen.headers.host ?? "", change)));
    await expect(readAll(run, bulk)).rejects.toMatchObject(expected);
  }
});

/** The label endpoint with its paging by search_after; `lost` labels are counted and never given. */
function labelEndpoint(total: number, lost = 0): Parameters<typeof serve>[0] {
  return (seen, response) => {
    const limit = Number(seen.parameters.get("limit"));
    const start = Number(seen.parameters.get("search_after") ?? "0");
    const results = Array.from({ length: Math.max(0, Math.min(limit, total - lost - start)) }, (_, i) =>
      label(start + i),
    );
    const next = `https://127.0.0.1/drug/label.json?search=x&limit=${limit}&skip=0&search_after=${start + limit}`;
    const link = start + limit < total - lost ? { link: `<${next}>; rel="next"` } : {};
    sendJson(
      response,
      { meta: { ...meta, results: { skip: 0, limit, total } }, results },
      link as Record<string, string>,
    );
  };
}

test("pages a search by its Link header past 25,000, with the key in requests and in nothing shown", async () => {
  const { server, run } = await setUp(labelEndpoint(27_500));
  const inputs = await readAll(run, found);
  expect(inputs).toHaveLength(28);
  const ids = inputs.flatMap(({ text }) => JSON.parse(text).results.map(({ id }: { id: string }) => id));
  expect(new Set(ids).size).toBe(27_500);
  expect(inputs.at(-1)?.cursor).toEqual({ lastUpdated: "2026-03-09" });
  expect(server.seen.every(({ parameters }) => parameters.get("api_key") === "fda-secret")).toBe(true);
  expect(server.seen.some(({ parameters }) => Number(parameters.get("skip") ?? 0) > 0)).toBe(false);
  expect(run.notes.join()).not.toContain("fda-secret");
  expect(run.failures).toEqual([]);
});

test("reports what a search counts and does not give", async () => {
  const { run } = await setUp(labelEndpoint(2300, 100));
  await readAll(run, found);
  expect(run.failures.map(({ reason }) => reason)).toEqual([
    "openFDA finds 2300 labels and gave 2200: 100 are missing",
  ]);
  expect(run.ends).toEqual([]);
});

test("a search without result is no error; a bad one is, in openFDA's words", async () => {
  const none = await setUp((_seen, response) =>
    sendStatus(response, 404, '{"error":{"code":"NOT_FOUND","message":"No matches found!"}}'),
  );
  expect(await readAll(none.run, found)).toEqual([]);
  expect(none.run.notes).toEqual(["openFDA finds no label"]);
  const bad = await setUp((_seen, response) =>
    sendStatus(response, 400, '{"error":{"code":"BAD_REQUEST","message":"Search not supported: ["}}'),
  );
  await expect(readAll(bad.run, found)).rejects.toMatchObject({
    code: "rejected",
    reason: expect.stringContaining("Search not supported"),
    asked: expect.not.stringContaining("fda-secret"),
  });
});

import { afterEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { zip } from "./testing/archives.ts";
import { type RunOptions, readAll, startRun } from "./testing/context.ts";
import { send, sendFile, sendJson, sendStatus, serve } from "./testing/server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const spl = (setId: string) =>
  `<?xml version="1.0"?><document xmlns="urn:hl7-org:v3"><setId root="${setId}"/></document>`;
const labelZip = (setId: string) =>
  zip([
    { name: `${setId}-label.jpg`, content: "picture" },
    { name: `${setId}.xml`, content: spl(setId) },
  ]);
const setIds = (count: number) =>
  Array.from({ length: count }, (_, index) => `set-${String(index + 1).padStart(3, "0")}`);

interface Site {
  ids: string[];
  zips?: Record<string, Buffer>;
  gone?: string[];
  archive?: Buffer;
  /** Called at each page of the list. */
  onList?(page: number, asked: number): string[] | undefined;
}

async function setUp(site: Site, given: RunOptions = {}) {
  let asked = 0;
  const server = await serve((seen, response) => {
    if (seen.path === "/dailymed/services/v2/spls.json") {
      asked += 1;
      const page = Number(seen.parameters.get("page"));
      const size = Number(seen.parameters.get("pagesize"));
      const ids = site.onList?.(page, asked) ?? site.ids.slice((page - 1) * size, page * size);
      const total_pages = Math.ceil(site.ids.length / size);
      return sendJson(response, {
        metadata: {
          db_published_date: "Mar 10, 2026 07:00:00PM EST",
          elements_per_page: size,
          current_page: page,
          total_elements: site.ids.length,
          total_pages,
          next_page: page < total_pages ? page + 1 : "null",
        },
        data: ids.map((setid) => ({ spl_version: 3, published_date: "Mar 09, 2026", title: `LABEL ${setid}`, setid })),
      });
    }
    if (seen.path === "/dailymed/downloadzipfile.cfm") {
      const setId = seen.parameters.get("setId") ?? "";
      if (site.gone?.includes(setId)) return sendStatus(response, 404);
      return send(response, site.zips?.[setId] ?? labelZip(setId));
    }
    if (seen.path.startsWith("/public-release-files/") && site.archive) return sendFile(seen, response, site.archive);
    sendStatus(response, 404);
  });
  closing.push(server.close);
  const run = await startRun(server.url, { sourceType: "drug_label", ...given });
  closing.push(run.close);
  return { server, run };
}

const changed = sourceRequest.parse({ kind: "dailymed" });
const damaged = Buffer.concat([labelZip("x").subarray(0, 60)]);

test("lists all pages since the day before the cursor and reads each label's XML from its zip", async () => {
  const ids = setIds(205);
  const { server, run } = await setUp(
    { ids },
    { cursor: { through: "2026-03-08", missing: [] }, done: ids.slice(2).map((id) => `${id}/3`) },
  );
  const inputs = await readAll(run, changed);
  expect(inputs.map(({ key, file, text }) => [key, file, text])).toEqual([
    ["set-001/3", "set-001.xml", spl("set-001")],
    ["set-002/3", "set-002.xml", spl("set-002")],
  ]);
  expect(server.asked("/dailymed/services/v2/spls.json")).toBe(3);
  expect(server.asked("/dailymed/downloadzipfile.cfm")).toBe(2);
  expect(Object.fromEntries(server.seen[0]?.parameters ?? [])).toEqual({
    pagesize: "100",
    page: "1",
    published_date: "2026-03-07",
    published_date_comparison: "gte",
  });
  expect(run.ends).toEqual([{ through: "2026-03-10", missing: [] }]);
  expect(await run.left()).toEqual([]);
});

test("lists again when labels moved between pages, and fails rather than lose any", async () => {
  const ids = setIds(150);
  const once = await setUp({
    ids,
    onList: (page, asked) => (asked === 2 && page === 2 ? ids.slice(99, 149) : undefined),
  });
  expect(await readAll(once.run, changed)).toHaveLength(150);
  const always = await setUp({ ids, onList: (page) => (page === 2 ? ids.slice(99, 149) : undefined) });
  await expect(readAll(always.run, changed)).rejects.toMatchObject({
    code: "changed_form",
    reason: expect.stringContaining("149 of 150 labels"),
  });
});

test("a label that is gone, damaged or a bomb is a failure of its own; what may come back is asked for again", async () => {
  const bomb = zip([{ name: "a.xml", content: Buffer.alloc(9_000_000) }]);
  const zips = {
    "set-002": damaged,
    "set-003": bomb,
    "set-004": zip([{ name: "../a.xml", content: "x" }]),
    "set-005": zip([{ name: "a.xml", content: "x", claims: { crc: 1 } }]),
    "set-006": zip([{ name: "a.xml", content: "x".repeat(5000), claims: { size: 10 } }]),
    "set-007": zip([{ name: "a.xml", content: "x", encrypted: true }]),
    "set-008": zip([{ name: "a.jpg", content: "x" }]),
  };
  const { run } = await setUp({ ids: setIds(9), zips, gone: ["set-001"] });
  expect((await readAll(run, changed)).map(({ file }) => file)).toEqual(["set-009.xml"]);
  expect(run.failures.map(({ sourceId, code }) => [sourceId, code])).toEqual([
    ["set-001", "unreadable"],
    ["set-002", "malformed"],
    ["set-003", "forbidden"],
    ["set-004", "forbidden"],
    ["set-005", "malformed"],
    ["set-006", "malformed"],
    ["set-007", "forbidden"],
    ["set-008", "malformed"],
  ]);
  const missing = setIds(8).slice(1);
  expect(run.ends).toEqual([{ through: "2026-03-10", missing }]);
  expect(await run.left()).toEqual([]);
  const next = await setUp({ ids: [] }, { cursor: { through: "2026-03-10", missing: ["set-005"] } });
  expect((await readAll(next.run, changed)).map(({ key }) => key)).toEqual(["set-005"]);
});

test("reads named labels", async () => {
  const { server, run } = await setUp({ ids: [] });
  const inputs = await readAll(run, sourceRequest.parse({ kind: "dailymed", setIds: ["b", "a", "b"] }));
  expect(inputs.map(({ key }) => key)).toEqual(["b", "a"]);
  expect(server.asked("/dailymed/services/v2/spls.json")).toBe(0);
});

const archiveRequest = sourceRequest.parse({ kind: "dailymed", archive: "dm_spl_release_human_rx_part1.zip" });

test("reads a release archive: a zip of labels' zips, no deeper, each its own failure", async () => {
  const archive = zip([
    { name: "prescription/20260301_a.zip", content: labelZip("a") },
    { name: "prescription/readme.txt", content: "hello" },
    { name: "prescription/20260301_b.zip", content: damaged },
    { name: "prescription/20260301_c.zip", content: zip([{ name: "inner.zip", content: labelZip("c") }]) },
    { name: "prescription/20260301_d.zip", content: labelZip("d") },
  ]);
  const { run } = await setUp({ ids: [], archive });
  const inputs = await readAll(run, archiveRequest);
  expect(inputs.map(({ file, text }) => [file, text])).toEqual([
    ["20260301_a.xml", spl("a")],
    ["20260301_d.xml", spl("d")],
  ]);
  expect(run.failures.map(({ position }) => position.file.split("/").at(-1))).toEqual([
    "20260301_b.zip",
    "20260301_c.zip",
  ]);
  expect(await run.left()).toEqual([]);
  const again = await setUp({ ids: [], archive }, { done: inputs.map(({ key }) => key) });
  expect(await readAll(again.run, archiveRequest)).toEqual([]);
});

test("names the field of a list that has changed its form", async () => {
  const metadata = { total_elements: 1, total_pages: 1 };
  for (const [answer, field] of [
    [{ metadata, data: [{ set_id: "a", spl_version: 1 }] }, "data.0.setid"],
    [{ metadata: { ...metadata, total_elements: null }, data: [] }, "metadata.total_elements"],
    [{ metadata }, "data"],
  ] as const) {
    const server = await serve((_seen, response) => sendJson(response, answer));
    closing.push(server.close);
    const run = await startRun(server.url, { sourceType: "drug_label" });
    closing.push(run.close);
    await expect(readAll(run, changed)).rejects.toMatchObject({
      code: "changed_form",
      asked: expect.stringContaining("spls.json?pagesize=100&page=1"),
      reason: expect.stringContaining(field),
    });
    expect(run.ends).toEqual([]);
  }
});

import { afterEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { zip } from "./testing/archives.ts";
import { type RunOptions, readAll, startRun } from "./testing/context.ts";
import { send, sendStatus, serve } from "./testing/server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const topics = '<?xml version="1.0"?><health-topics total="1"><health-topic id="1" title="Asthma"/></health-topics>';
const page = (...files: string[]) =>
  `<html><body><h1>XML Files</h1><ul>${files.map((file) => `<li><a href='${file}'>file</a></li>`).join("")}</ul></body></html>`;

async function setUp(index: string, given: RunOptions = {}) {
  const server = await serve((seen, response) => {
    if (seen.path === "/xml.html") return send(response, index);
    const name = /mplus_topics_(?:compressed_)?([\d-]+)/.exec(seen.path)?.[1];
    if (!name) return sendStatus(response, 404);
    send(response, seen.path.endsWith(".zip") ? zip([{ name: `mplus_topics_${name}.xml`, content: topics }]) : topics);
  });
  closing.push(server.close);
  const run = await startRun(server.url, { sourceType: "consumer", ...given });
  closing.push(run.close);
  return { server, run };
}

const request = sourceRequest.parse({ kind: "medlineplus" });
const files = [
  "/xml/mplus_topics_2026-03-06.xml",
  "https://medlineplus.gov/xml/mplus_topic_groups_2026-03-07.xml",
  "/xml/mplus_topics_2026-03-07.xml",
  "/xml/mplus_topics_compressed_2026-03-07.zip",
];

test("takes the newest day's topics, zipped where they are, and keeps its date", async () => {
  const { server, run } = await setUp(page(...files));
  const inputs = await readAll(run, request);
  expect(inputs.map(({ file, text, cursor }) => [file, text, cursor])).toEqual([
    ["mplus_topics_2026-03-07.xml", topics, { date: "2026-03-07" }],
  ]);
  expect(server.seen.at(-1)?.path).toBe("/xml/mplus_topics_compressed_2026-03-07.zip");
  expect(await run.left()).toEqual([]);
});

test("takes the plain file where there is no zip, and nothing where there is nothing new", async () => {
  const plain = await setUp(page(...files.slice(0, 3)));
  expect((await readAll(plain.run, request)).map(({ text }) => text)).toEqual([topics]);
  for (const given of [{ cursor: { date: "2026-03-07" } }, { done: ["mplus_topics_2026-03-07.xml"] }]) {
    const { server, run } = await setUp(page(...files), given);
    expect(await readAll(run, request)).toEqual([]);
    expect(server.seen).toHaveLength(1);
  }
});

test("says so when the page names no file, or one elsewhere", async () => {
  const other = await setUp(page("/xml/topics.json"));
  await expect(readAll(other.run, request)).rejects.toMatchObject({ code: "changed_form" });
  const astray = await setUp(page("https://evil.example/mplus_topics_2026-03-07.xml"));
  await expect(readAll(astray.run, request)).rejects.toMatchObject({ code: "forbidden_address" });
});

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Page } from "./page.ts";
import { notKept } from "./stored.ts";
import { until } from "./until.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const answer = (texts: string[], status: string) => ({
  id: "a",
  sequenceId: 2,
  status,
  answer: { sentences: texts.map((text, index) => ({ index, text })) },
});
const sentence = (id: string, index: number, text: string) =>
  `id: ${id}\ndata: ${JSON.stringify({ type: "sentence", messageId: "a", sentence: { index, text } })}\n\n`;
const done = (id: string, texts: string[]) =>
  `id: ${id}\ndata: ${JSON.stringify({ type: "done", messageId: "a", message: answer(texts, "complete") })}\n\n`;

/** A page on a server that shows an answer of one sentence and then sends what the test says. */
async function pageOn(said: string): Promise<Page> {
  const streams: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.url?.includes("/events")) {
      streams.push(response.writeHead(200, { "Content-Type": "text/event-stream" }));
      response.write(said);
    } else {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ messages: [answer(["One."], "streaming")], eventCursor: "1-0" }));
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.closeAllConnections() ?? server.close());
  const page = await Page.open(
    { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cookie: "" },
    "c",
  );
  closers.push(() => page.close());
  return page;
}

test("a page that reads, follows and sees the end has what is stored, each once", async () => {
  const page = await pageOn(sentence("2-0", 0, "One.") + sentence("3-0", 1, "Two.") + done("4-0", ["One.", "Two."]));
  await until(() => page.isEnded("a"), "it ended", { limit: 10_000 });
  expect([page.doubled, page.outOfOrder, page.unruly]).toEqual([0, 0, 0]);
  expect([...(page.messages.get("a")?.sentences.values() ?? [])]).toEqual(["One.", "Two."]);
});

test("it counts what comes twice, too late or in other words, and what is not kept", async () => {
  const page = await pageOn(
    [
      sentence("2-0", 0, "One."),
      sentence("2-0", 0, "One."),
      sentence("4-0", 1, "Two."),
      sentence("3-0", 2, "Three."),
      done("5-0", ["One.", "Two.", "Three, changed."]),
      sentence("6-0", 3, "Four."),
      `id: 7-0\ndata: {"type":"title","title":"end"}\n\n`,
    ].join(""),
  );
  await until(() => page.ids.at(-1) === "7-0", "all came", { limit: 10_000 });
  expect(page.doubled).toBe(2); // the event, and the sentence in it
  expect(page.outOfOrder).toBe(1);
  expect(page.unruly).toBe(2);
  const stored = { sentences: new Map([[0, "One."]]) } as Parameters<typeof notKept>[1];
  expect(notKept(page.shown.get("a"), stored)).toBe(3);
});

import { describe, expect, it } from "vitest";
import { aCitation, aSentence } from "./fixtures.ts";
import { formatDate } from "./labels.ts";
import { citedSources, groupsOf, isQuotation, sourceHref } from "./sources.ts";

describe("cited sources", () => {
  it("gathers the different quotes of one document under its number", () => {
    const here = aCitation({ number: 1, start: 0, end: 5 });
    const there = aCitation({ number: 1, start: 9, end: 12 });
    const other = aCitation({ number: 2, documentId: "document-2" });
    const sources = citedSources([
      aSentence({ citations: [other] }),
      aSentence({ citations: [here, there] }),
      aSentence({ citations: [here] }),
    ]);
    expect(sources.map((source) => [source.number, source.quotes.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it("groups only neighbours, so that the order of the sentences stays", () => {
    const groups = groupsOf(["a", "a", "b", "a"].map((group, index) => aSentence({ index, group })));
    expect(groups.map((group) => [group.heading, group.sentences.length])).toEqual([
      ["a", 2],
      ["b", 1],
      ["a", 1],
    ]);
  });

  it("puts the quote and the way back into the address, escaped", () => {
    const href = sourceHref(
      { documentId: "d/1", start: 3, end: 9, quote: "a & b = 5 %" },
      { conversationId: "c", messageId: "m" },
    );
    const address = new URL(href, "http://localhost");
    expect(address.pathname).toBe("/sources/d%2F1");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      start: "3",
      end: "9",
      quote: "a & b = 5 %",
      conversation: "c",
      message: "m",
    });
  });

  it("calls a sentence a quotation only when its words are its quote", () => {
    expect(isQuotation(aSentence({ text: "start a  LOW-dose inhaled corticosteroid." }))).toBe(true);
    expect(isQuotation(aSentence({ text: "Consider an inhaled corticosteroid." }))).toBe(false);
  });
});

describe("dates", () => {
  it("shows a date at the precision it has", () => {
    expect(["2021", "2021-03", "2021-03-05", "2021-03-05T10:00:00Z", "Winter 2020", null].map(formatDate)).toEqual([
      "2021",
      "Mar 2021",
      "5 Mar 2021",
      "5 Mar 2021",
      "Winter 2020",
      null,
    ]);
  });
});

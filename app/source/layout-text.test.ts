import { describe, expect, it } from "vitest";
import type { DocumentSection } from "#lib/domain.ts";
import { layoutText } from "./layout-text.ts";

const text = "Lead in.\n\nFirst part, line one.\nLine two.\n\nSecond paragraph.\n\nThe last part.\nEnd";
const sections: DocumentSection[] = [
  section("First", text.indexOf("First"), text.indexOf("The last") - 2),
  section("Last", text.indexOf("The last"), text.indexOf("\nEnd")),
];

function section(label: string, start: number, end: number): DocumentSection {
  return { label, path: [label], start, end, page: null };
}

function allRuns(mark: { start: number; end: number } | null) {
  return layoutText(text, sections, mark).flatMap((block) => block.paragraphs.flat());
}

describe("text by sections", () => {
  it("loses no word of the text and marks exactly the quote, wherever it begins and ends", () => {
    const words = (value: string) => value.replace(/\s+/g, "");
    for (let start = 0; start < text.length; start += 1) {
      for (let end = start + 1; end <= text.length; end += 5) {
        const runs = allRuns({ start, end });
        expect(words(runs.map((run) => run.text).join(""))).toBe(words(text));
        const marked = runs
          .filter((run) => run.marked)
          .map((run) => run.text)
          .join("");
        expect(words(marked)).toBe(words(text.slice(start, end)));
        for (const run of runs) expect(text.startsWith(run.text, run.start)).toBe(true);
      }
    }
  });

  it("keeps text outside every section, without a heading", () => {
    expect(layoutText(text, sections, null).map((block) => block.section?.label ?? null)).toEqual([
      null,
      "First",
      "Last",
      null,
    ]);
  });

  it("cuts paragraphs at blank lines and not at single line breaks", () => {
    const first = layoutText(text, sections, null).find((block) => block.section?.label === "First");
    expect(first?.paragraphs.map((paragraph) => paragraph.map((run) => run.text.trim()).join(""))).toEqual([
      "First part, line one.\nLine two.",
      "Second paragraph.",
    ]);
  });

  it("names a heading above the first section under it, also one without text of its own", () => {
    const under = (path: string[], start: number): DocumentSection => ({
      label: path.at(-1) ?? "",
      path,
      start,
      end: start + 5,
      page: null,
    });
    const blocks = layoutText(
      "aaaa\nbbbb\ncccc\ndddd\n",
      [
        under(["Intro"], 0),
        under(["Dose", "Adults"], 5),
        under(["Dose", "Children"], 10),
        under(["Dose", "Children"], 15),
      ],
      null,
    );
    expect(blocks.map((block) => block.headings.map(({ label, level }) => `${level} ${label}`))).toEqual([
      ["1 Intro"],
      ["1 Dose", "2 Adults"],
      ["2 Children"],
      ["2 Children"],
    ]);
  });

  it("takes a very long document in little time", () => {
    const long = `${"word ".repeat(200)}\n\n`.repeat(500);
    const began = performance.now();
    expect(layoutText(long, [], null)[0]?.paragraphs).toHaveLength(500);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it("shows a section without text by its heading alone", () => {
    const empty = layoutText("abc", [section("Empty", 0, 0)], null);
    expect(empty.map((block) => [block.section?.label ?? null, block.paragraphs.length])).toEqual([
      ["Empty", 0],
      [null, 1],
    ]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readGuideline } from "../../samples/guideline-markdown.ts";
import { documentsOf, inputOf, readAll } from "../test-input.ts";
import { parse } from "./index.ts";

const samples = join(import.meta.dirname, "../../samples");
const folded = (text: string) => text.replace(/\s+/g, " ").trim();
const names = readdirSync(join(samples, "guidelines-text")).map((name) => name.replace(/\.md$/, ""));

describe.each(names)("%s", (name) => {
  const guideline = readGuideline(name, readFileSync(join(samples, "guidelines-text", `${name}.md`), "utf8"));
  const read = async () => {
    const bytes = readFileSync(join(samples, "data/guidelines", `${name}.pdf`));
    const [document] = documentsOf(await readAll(parse, inputOf(new Uint8Array(bytes), { chunkSize: 65_536 })));
    if (!document) throw new Error(`${name}: no document`);
    return document;
  };

  test("every recommendation, paragraph, bullet and table row stands whole and in order", async () => {
    const text = folded((await read()).text);
    let at = 0;
    const expectNext = (passage: string) => {
      const found = text.indexOf(folded(passage), at);
      expect(found, `"${passage}" after "${text.slice(Math.max(0, at - 60), at)}"`).toBeGreaterThanOrEqual(at);
      at = found + folded(passage).length;
    };
    for (const block of guideline.blocks) {
      if (block.kind === "recommendation") expectNext(`${block.number} ${block.text}`);
      else if (block.kind === "table") {
        expectNext(block.caption);
        for (const row of block.rows) expectNext(row.join(" | "));
      } else expectNext(block.text);
    }
  });

  test("its headings are the sections, in order; running lines are left out", async () => {
    const document = await read();
    const headings = guideline.blocks.flatMap((block) => (block.kind === "heading" ? [block.text] : []));
    const named = [...new Set(document.sections.flatMap((section) => section.path))];
    const captions = guideline.blocks.flatMap((block) => (block.kind === "table" ? [block.caption] : []));
    const others = [guideline.title, ...captions];
    expect(named.filter((label) => !others.includes(label))).toEqual(headings);
    expect(document.text).not.toMatch(/Page \d of/);
    expect(document.text.split("\n").filter((line) => line === guideline.title)).toHaveLength(1);
  });
});

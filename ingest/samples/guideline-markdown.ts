/**
 * The small markdown the sample guidelines are written in: a front block of `name: value` lines between `---` lines,
 * then `##` and `###` headings, `+` recommendations, `-` bullets, `Table:` captions with `|` rows below (first row is the head) and paragraphs.
 */
export type GuidelineBlock =
  | { kind: "heading"; level: 2 | 3; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "bullet"; text: string }
  | { kind: "recommendation"; number: string; text: string }
  | { kind: "table"; caption: string; rows: string[][] };

export interface Guideline {
  title: string;
  number: string;
  /** ISO date printed on the first page. */
  date: string;
  columns: 1 | 2;
  blocks: GuidelineBlock[];
}

/** Throws with the file's name when the front block lacks a field. */
export function readGuideline(file: string, markdown: string): Guideline {
  const [, front, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(markdown) ?? [];
  if (front === undefined || body === undefined) throw new Error(`${file}: no front block`);
  const fields = new Map(
    front.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const field = (name: string) => {
    const value = fields.get(name);
    if (!value) throw new Error(`${file}: front block has no "${name}"`);
    return value;
  };
  return {
    title: field("title"),
    number: field("number"),
    date: field("date"),
    columns: field("columns") === "2" ? 2 : 1,
    blocks: numberRecommendations(
      body
        .trim()
        .split(/\n\s*\n/)
        .flatMap(readBlock),
    ),
  };
}

function readBlock(block: string): GuidelineBlock[] {
  const lines = block.split("\n");
  const first = lines[0] ?? "";
  if (first.startsWith("### ")) return [{ kind: "heading", level: 3, text: first.slice(4) }];
  if (first.startsWith("## ")) return [{ kind: "heading", level: 2, text: first.slice(3) }];
  if (first.startsWith("Table: ")) {
    const rows = lines.slice(1).map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    return [{ kind: "table", caption: first.slice("Table: ".length), rows }];
  }
  return lines.map((line) => {
    if (line.startsWith("- ")) return { kind: "bullet", text: line.slice(2) };
    if (line.startsWith("+ ")) return { kind: "recommendation", number: "", text: line.slice(2) };
    return { kind: "paragraph", text: line };
  });
}

/** Recommendations are numbered section.item; the sections are the level-2 headings. */
function numberRecommendations(blocks: GuidelineBlock[]): GuidelineBlock[] {
  let section = 0;
  let item = 0;
  return blocks.map((block) => {
    if (block.kind === "heading" && block.level === 2) {
      section += 1;
      item = 0;
      return { ...block, text: `${section} ${block.text}` };
    }
    if (block.kind !== "recommendation") return block;
    item += 1;
    return { ...block, number: `${section}.${item}` };
  });
}

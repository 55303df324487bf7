import type { ExportedAnswer, ExportedConversation } from "./gather.ts";
import { datum, headOf, numbersOf, paragraphsOf } from "./words.ts";

/** The export as CommonMark: nothing of a document or model's text is taken for markup. */
export function markdown(conversation: ExportedConversation): string {
  const { title, turns, references } = conversation;
  const parts = [`# ${inert(title)}`, inert(headOf(conversation))];
  for (const { question, askedBy, askedAt, answer } of turns) {
    parts.push(`## ${inert(question)}`, `*${inert([askedBy, datum(askedAt)].filter(Boolean).join(", "))}*`);
    if (answer) parts.push(...answerParts(answer));
  }
  if (references.length > 0) parts.push("## References");
  for (const { number, text, quotes } of references) {
    const quoted = quotes.map(({ text: words, place }) => `   > “${inert(words)}”${place ? ` (${inert(place)})` : ""}`);
    parts.push([`${number}. ${inert(text)}`, ...quoted].join("\n\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

function answerParts(answer: ExportedAnswer): string[] {
  const parts: string[] = [];
  for (const { title, quotes } of answer.warnings) {
    const said = quotes.map(({ text, number }) => `${inert(text)} \\[${number}\\]`);
    parts.push(`> **${inert(title)}**\n>\n> ${said.join("\n>\n> ")}`);
  }
  for (const { heading, sentences } of paragraphsOf(answer)) {
    if (heading) parts.push(`**${inert(heading)}**`);
    parts.push(sentences.map(({ text, numbers }) => `${inert(text)} ${inert(numbersOf(numbers))}`.trim()).join(" "));
  }
  for (const { about, sides } of answer.contrasts) {
    const said = sides.map(({ label, text, number }) => `- **${inert(label)}:** “${inert(text)}” \\[${number}\\]`);
    parts.push(`**Sources differ: ${inert(about)}**`, said.join("\n"));
  }
  parts.push(...answer.remarks.map((remark) => `*${inert(remark)}*`));
  if (answer.method) parts.push(`*${inert(answer.method)}*`);
  return parts;
}

/** Text that Markdown shows as it is: no link, image, HTML, emphasis or list of its own. */
function inert(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>()#|~!]/g, (sign) => `\\${sign}`)
    .replace(/&/g, "&amp;")
    .replace(/^(\s*)([-+])(?=\s)/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s)/, "$1\\$2")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`)
    .replace(/@(?=[\w-]+\.)/g, "\\@");
}

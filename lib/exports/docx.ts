import { Document, HeadingLevel, Packer, Paragraph, TextRun } from "docx";
import type { ExportedAnswer, ExportedConversation } from "./gather.ts";
import { datum, headOf, numbersOf, paragraphsOf } from "./words.ts";

/** The export as Office Open XML (ECMA-376). */
export async function docx(conversation: ExportedConversation): Promise<Buffer> {
  const { title, turns, references } = conversation;
  const children = [
    new Paragraph({ text: safe(title), heading: HeadingLevel.TITLE }),
    small(headOf(conversation)),
    ...turns.flatMap(({ question, askedBy, askedAt, answer }) => [
      new Paragraph({ text: safe(question), heading: HeadingLevel.HEADING_1 }),
      small([askedBy, datum(askedAt)].filter(Boolean).join(", ")),
      ...(answer ? answerParts(answer) : []),
    ]),
    ...(references.length > 0 ? [new Paragraph({ text: "References", heading: HeadingLevel.HEADING_1 })] : []),
    ...references.flatMap(({ number, text, quotes }) => [
      new Paragraph({ children: [run(`${number}. ${text}`)], spacing: { before: 120 } }),
      ...quotes.map(
        ({ text: words, place }) =>
          new Paragraph({
            children: [run(`“${words}”`, { italics: true }), run(place ? ` (${place})` : "")],
            indent: { left: 480 },
          }),
      ),
    ]),
  ];
  const document = new Document({ title: safe(title), creator: "Probatum", sections: [{ children }] });
  return Packer.toBuffer(document);
}

function answerParts(answer: ExportedAnswer): Paragraph[] {
  return [
    ...answer.warnings.flatMap(({ title, quotes }) => [
      new Paragraph({ children: [run(title, { bold: true })], border: boxed, spacing: { before: 120 } }),
      ...quotes.map(({ text, number }) => new Paragraph({ children: [run(`${text} [${number}]`)], border: boxed })),
    ]),
    ...paragraphsOf(answer).flatMap(({ heading, sentences }) => [
      ...(heading ? [new Paragraph({ children: [run(heading, { bold: true })], spacing: { before: 120 } })] : []),
      new Paragraph({
        children: sentences.map(({ text, numbers }) => run(`${text} ${numbersOf(numbers)} `)),
        spacing: { after: 120 },
      }),
    ]),
    ...answer.contrasts.flatMap(({ about, sides }) => [
      new Paragraph({ children: [run(`Sources differ: ${about}`, { bold: true })], spacing: { before: 120 } }),
      ...sides.map(
        ({ label, text, number }) =>
          new Paragraph({
            children: [run(`${label}: `, { bold: true }), run(`“${text}” [${number}]`)],
            bullet: { level: 0 },
          }),
      ),
    ]),
    ...answer.remarks.map(small),
    ...(answer.method ? [small(answer.method)] : []),
  ];
}

const line = { style: "single" as const, size: 8, space: 4, color: "808080" };
const boxed = { top: line, bottom: line, left: line, right: line };

function run(text: string, style: { bold?: boolean; italics?: boolean; size?: number; color?: string } = {}): TextRun {
  return new TextRun({ text: safe(text), ...style });
}

function small(text: string): Paragraph {
  return new Paragraph({ children: [run(text, { italics: true, size: 18, color: "555555" })] });
}

/** Characters that XML 1.0 cannot hold are left out: one of them makes the whole file unreadable. */
function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "").toWellFormed();
}

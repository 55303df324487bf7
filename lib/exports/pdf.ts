import { sep } from "node:path";
import pdfmake from "pdfmake";
import roboto from "pdfmake/fonts/Roboto.js";
import type { Content } from "pdfmake/interfaces.js";
import type { ExportedAnswer, ExportedConversation } from "./gather.ts";
import { datum, headOf, numbersOf, paragraphsOf } from "./words.ts";

const fontFiles = new Set(Object.values(roboto.Roboto));
pdfmake.setFonts(roboto);
// Nothing that a document or a model wrote may name a file or an address to be read.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => fontFiles.has(path.replaceAll("/", sep)) || fontFiles.has(path));

/** The export as PDF, its text selectable and its pages numbered. */
export async function pdf(conversation: ExportedConversation): Promise<Uint8Array> {
  const { title, turns, references } = conversation;
  const content: Content[] = [
    { text: safe(title), style: "title" },
    { text: safe(headOf(conversation)), style: "small" },
    ...turns.flatMap(({ question, askedBy, askedAt, answer }): Content[] => [
      { text: safe(question), style: "question", headlineLevel: 1 },
      { text: safe([askedBy, datum(askedAt)].filter(Boolean).join(", ")), style: "small" },
      ...(answer ? answerParts(answer) : []),
    ]),
    ...(references.length > 0 ? [{ text: "References", style: "question", headlineLevel: 1 }] : []),
    ...references.flatMap(({ number, text, quotes }): Content[] => [
      { text: safe(`${number}. ${text}`), margin: [0, 6, 0, 2] },
      ...quotes.map(
        ({ text: words, place }): Content => ({
          text: [{ text: safe(`“${words}”`), italics: true }, safe(place ? ` (${place})` : "")],
          margin: [16, 0, 0, 2],
          fontSize: 9,
        }),
      ),
    ]),
  ];
  const made = pdfmake.createPdf({
    info: { title: safe(title), creator: "Probatum" },
    pageSize: "A4",
    pageMargins: [56, 56, 56, 56],
    defaultStyle: { font: "Roboto", fontSize: 10.5, lineHeight: 1.2 },
    styles: {
      title: { fontSize: 18, bold: true, margin: [0, 0, 0, 6] },
      question: { fontSize: 13, bold: true, margin: [0, 14, 0, 3] },
      small: { fontSize: 8.5, color: "#555555", margin: [0, 0, 0, 6] },
    },
    // A heading does not stand alone at a page's foot.
    pageBreakBefore: (node, { getFollowingNodesOnPage }) =>
      node.headlineLevel === 1 && getFollowingNodesOnPage().length === 0,
    footer: (page, pages) => ({ text: `${page} / ${pages}`, alignment: "center", fontSize: 8, color: "#555555" }),
    content,
  });
  return new Uint8Array(await made.getBuffer());
}

function answerParts(answer: ExportedAnswer): Content[] {
  return [
    ...answer.warnings.map(
      ({ title, quotes }): Content => ({
        table: {
          widths: ["*"],
          body: [
            [
              {
                stack: [
                  { text: safe(title), bold: true },
                  ...quotes.map(({ text, number }) => ({
                    text: safe(`${text} [${number}]`),
                    margin: [0, 2, 0, 0] as [number, number, number, number],
                  })),
                ],
              },
            ],
          ],
        },
        margin: [0, 4, 0, 8],
      }),
    ),
    ...paragraphsOf(answer).flatMap(({ heading, sentences }): Content[] => [
      ...(heading
        ? [{ text: safe(heading), bold: true, margin: [0, 4, 0, 2] as [number, number, number, number] }]
        : []),
      {
        text: sentences.map(({ text, numbers }) => safe(`${text} ${numbersOf(numbers)} `)).join(""),
        margin: [0, 0, 0, 6],
      },
    ]),
    ...answer.contrasts.flatMap(({ about, sides }): Content[] => [
      { text: safe(`Sources differ: ${about}`), bold: true, margin: [0, 4, 0, 2] },
      {
        ul: sides.map(({ label, text, number }) => ({
          text: [{ text: safe(`${label}: `), bold: true }, safe(`“${text}” [${number}]`)],
        })),
        margin: [0, 0, 0, 6],
      },
    ]),
    ...answer.remarks.map((remark): Content => ({ text: safe(remark), style: "small" })),
    ...(answer.method ? [{ text: safe(answer.method), style: "small" }] : []),
  ];
}

/** Control characters have no glyph and no place in a page. */
function safe(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").toWellFormed();
}

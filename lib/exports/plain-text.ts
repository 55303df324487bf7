import type { ExportedAnswer, ExportedConversation } from "./gather.ts";
import { numbersOf, paragraphsOf } from "./words.ts";

/** Answers with their numbered references in Vancouver style, as one pastes them into a note: no questions, no markup. */
export function plainText({ turns, references }: ExportedConversation): string {
  const parts = turns.flatMap(({ answer }) => (answer ? answerParts(answer) : []));
  if (references.length > 0) {
    parts.push(["References", ...references.map(({ number, text }) => `${number}. ${text}`)].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

function answerParts(answer: ExportedAnswer): string[] {
  return [
    ...answer.warnings.map(({ title, quotes }) =>
      [title, ...quotes.map(({ text, number }) => `${text} [${number}]`)].join("\n"),
    ),
    ...paragraphsOf(answer).map(({ heading, sentences }) => {
      const text = sentences.map((sentence) => `${sentence.text} ${numbersOf(sentence.numbers)}`.trim()).join(" ");
      return heading ? `${heading}\n${text}` : text;
    }),
    ...answer.contrasts.map(({ about, sides }) =>
      [`Sources differ: ${about}`, ...sides.map(({ label, text, number }) => `${label}: “${text}” [${number}]`)].join(
        "\n",
      ),
    ),
    ...answer.remarks,
  ];
}

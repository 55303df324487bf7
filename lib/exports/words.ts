import type { ExportedAnswer, ExportedConversation } from "./gather.ts";

const notice =
  "Answers quote or restate the sources listed at the end and do not replace clinical judgement. Open each source before relying on it.";

/** Stands at the head of every export that is read. */
export function headOf({ exportedAt, leftOut }: Pick<ExportedConversation, "exportedAt" | "leftOut">): string {
  const others = leftOut === 1 ? "One message of another version is" : `${leftOut} messages of other versions are`;
  return `Exported ${datum(exportedAt)}. ${notice}${leftOut > 0 ? ` ${others} left out; the JSON export holds all.` : ""}`;
}

/** A day as a reader of any country takes it the same way. */
export function datum(iso: string): string {
  return iso.slice(0, 16).replace("T", " ").concat(" UTC");
}

/** `[1, 3]`; empty without any. */
export function numbersOf(numbers: readonly number[]): string {
  return numbers.length === 0 ? "" : `[${numbers.join(", ")}]`;
}

/** Sentences that stand together, with the heading they share. */
export function paragraphsOf({ sentences }: ExportedAnswer): {
  heading: string | null;
  sentences: ExportedAnswer["sentences"];
}[] {
  const paragraphs: ReturnType<typeof paragraphsOf> = [];
  for (const sentence of sentences) {
    const last = paragraphs.at(-1);
    if (last && last.heading === sentence.group) last.sentences.push(sentence);
    else paragraphs.push({ heading: sentence.group, sentences: [sentence] });
  }
  return paragraphs;
}

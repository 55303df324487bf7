import type { AnswerOrigin, ReceiptPassageView, ReceiptView } from "#lib/domain.ts";
import { stageLabels, statusLabels } from "./labels.ts";

const origins: Record<AnswerOrigin, string | null> = {
  made: null,
  cache: "Handed on from an answer to the same question, of the same corpus.",
  like_question: "Handed on from an answer to a question like this one, of the same corpus.",
  shared: "Made once for several people who asked the same at the same time.",
};

/** Who wrote the answer, in words. */
export function makerInWords(receipt: Pick<ReceiptView, "mode" | "model">): string {
  if (receipt.mode === "extractive" || (receipt.mode === null && receipt.model === null)) {
    return "Quoted sentences, no model";
  }
  return `Written by ${receipt.model ?? "a model whose name was not kept"}`;
}

export function originInWords(origin: AnswerOrigin | null): string | null {
  return origin && origins[origin];
}

/** What has become of a passage, in words, and whether that must be seen. */
export function standingInWords({ standing, status }: Pick<ReceiptPassageView, "standing" | "status">): {
  label: string;
  tone: "plain" | "caution" | "danger";
} {
  if (standing === "gone") return { label: "No longer kept", tone: "danger" };
  const mark = statusLabels[status];
  if (mark) return { label: mark, tone: status === "retracted" || status === "withdrawn" ? "danger" : "caution" };
  if (standing === "changed") return { label: "Changed since", tone: "caution" };
  return { label: "Stands as it was", tone: "plain" };
}

/** Whether a collection has changed since: `version 3, unchanged since`. */
export function versionInWords({ version, versionNow }: ReceiptView["collections"][number]): string {
  if (versionNow === null) return `version ${version}; the collection is gone`;
  if (versionNow === version) return `version ${version}, unchanged since`;
  return `version ${version} then, ${versionNow} now`;
}

const timingLabels: Partial<Record<string, string>> = {
  ...stageLabels,
  embed: "Embedding the question",
  sql: "Searching the database",
  firstSentence: "Until the first sentence",
  total: "In all",
};

/** Timings in the order they are read: the parts as they came, what sums them up last. */
export function timingsInWords(timings: ReceiptView["timings"]): { label: string; duration: string }[] {
  const late = ["firstSentence", "total"];
  const names = Object.keys(timings);
  return [...names.filter((name) => !late.includes(name)), ...late.filter((name) => name in timings)].map((name) => ({
    label:
      timingLabels[name] ??
      name
        .replace(/([a-z])([A-Z])/g, "$1 $2")
        .replaceAll("_", " ")
        .toLowerCase(),
    duration: formatDuration(timings[name] ?? 0),
  }));
}

/** @param milliseconds e.g. 3.21 → `3.2 ms`, 1530 → `1.5 s` */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** The beginning of a hash, as much as tells two apart by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

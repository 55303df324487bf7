import { isGrave } from "#app/components/badges.tsx";
import type { AnswerSentence, Citation, DocumentStatus } from "#lib/domain.ts";
import { citedSources } from "./sources.ts";

/** A citation with the status its document has today; what it had when the answer was made where that is not known. */
export function asOfToday(citation: Citation): Citation {
  return citation.today ? { ...citation, status: citation.today.status } : citation;
}

/** What has become of a source since it was cited: a status it did not have, or words that stand in it no more. */
export type SourceChange = Exclude<DocumentStatus, "current"> | "revised";

export interface ChangedSource {
  change: SourceChange;
  citation: Citation;
}

/** What has happened to a cited document since; null for nothing a reader must know. */
export function changeOf(citation: Citation): SourceChange | null {
  const { today } = citation;
  if (!today) return null;
  if (today.status !== "current" && today.status !== citation.status) return today.status;
  return today.revised ? "revised" : null;
}

/** The sources of an answer that have changed since, each with its gravest change, in the order of their numbers. */
export function changedSources(sentences: AnswerSentence[]): ChangedSource[] {
  return citedSources(sentences).flatMap(({ quotes }) => {
    const changed = quotes.flatMap((citation) => {
      const change = changeOf(citation);
      return change ? [{ change, citation }] : [];
    });
    // A document has one status, but some of its quotes may still stand while others do not.
    return changed.slice(0, 1);
  });
}

const sinceThen: Record<SourceChange, [one: string, several: string]> = {
  retracted: ["has since been retracted", "have since been retracted"],
  withdrawn: ["has since been withdrawn", "have since been withdrawn"],
  concern: ["has since met with an expression of concern", "have since met with expressions of concern"],
  superseded: ["has since been superseded", "have since been superseded"],
  revised: [
    "has been revised since: what was quoted no longer stands in it",
    "have been revised since: what was quoted no longer stands in them",
  ],
};
/** The gravest first. */
const changes = Object.keys(sinceThen) as SourceChange[];

/** One sentence for each kind of change, the gravest first: `A source of this answer has since been retracted.` */
export function changesInWords(changed: ChangedSource[]): string[] {
  return changes.flatMap((kind) => {
    const count = changed.filter(({ change }) => change === kind).length;
    if (count === 0) return [];
    const [one, several] = sinceThen[kind];
    return [count === 1 ? `A source of this answer ${one}.` : `${count} sources of this answer ${several}.`];
  });
}

export function isGraveChange(change: SourceChange): boolean {
  return change !== "revised" && isGrave(change);
}

/** Why a sentence has lost its ground: every source it rests on is retracted or gone, or no quote of it still stands. */
export function lostGround(sentence: AnswerSentence): { label: string; isGrave: boolean } | null {
  const { citations } = sentence;
  if (citations.length === 0) return null;
  const today = citations.map(asOfToday);
  if (today.every(({ status }) => isGrave(status))) {
    const isRetracted = today.some(({ status }) => status === "retracted");
    const several = new Set(today.map(({ number }) => number)).size > 1;
    const what = isRetracted ? "retracted" : "withdrawn";
    return { label: several ? `Rests only on ${what} sources` : `Rests only on a ${what} source`, isGrave: true };
  }
  if (citations.every(({ today: standing }) => standing?.revised)) {
    return { label: "Its quote no longer stands in the source", isGrave: false };
  }
  return null;
}

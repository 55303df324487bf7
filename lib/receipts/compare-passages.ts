import type { PassageStanding } from "#db/index.ts";
import type { Receipt } from "../ask/index.ts";
import type { StoredPassage } from "./stored.ts";

export interface ComparedPassage {
  collection: string;
  sourceId: string;
  title: string;
  section: string | null;
  hash: string;
  score: number;
}

/** The passages of two answers to one question; places count from 1. */
export interface PassageChanges {
  isChanged: boolean;
  /** Supplied both times at the same place. */
  same: number;
  moved: (ComparedPassage & { from: number; to: number })[];
  /**
   * No longer supplied: its document is `gone`, reads otherwise (`changed`), or is there unchanged and others came
   * before it (`outranked`).
   */
  gone: (ComparedPassage & { place: number; reason: "gone" | "changed" | "outranked"; status: string | null })[];
  added: (ComparedPassage & { place: number })[];
}

/** A passage is the same when it is of the same document and reads the same. */
export function comparePassages(
  before: StoredPassage[],
  standings: PassageStanding[],
  now: Receipt["passages"],
): PassageChanges {
  const keyOf = ({ documentId, hash }: StoredPassage) => `${documentId} ${hash}`;
  const oldPlaces = new Map(before.map((passage, at) => [keyOf(passage), at + 1]));
  const newPlaces = new Map(now.map((passage, at) => [keyOf(passage), at + 1]));
  const kept = before.flatMap((passage, at) => {
    const to = newPlaces.get(keyOf(passage));
    return to === undefined ? [] : [{ ...named(passage, standings[at]), from: at + 1, to }];
  });
  const moved = kept.filter(({ from, to }) => from !== to);
  const gone = before.flatMap((passage, at) => {
    if (newPlaces.has(keyOf(passage))) return [];
    const standing = standings[at];
    const reason = !standing?.document ? "gone" : standing.isUnchanged ? "outranked" : "changed";
    return [
      { ...named(passage, standing), place: at + 1, reason, status: standing?.document?.status ?? null } as const,
    ];
  });
  const added = now.flatMap((passage, at) =>
    oldPlaces.has(keyOf(passage)) ? [] : [{ ...named(passage), place: at + 1 }],
  );
  const isChanged = moved.length + gone.length + added.length > 0;
  return { isChanged, same: kept.length - moved.length, moved, gone, added };
}

function named(passage: StoredPassage, standing?: PassageStanding): ComparedPassage {
  return {
    collection: passage.collection || (standing?.document?.collection ?? ""),
    sourceId: passage.sourceId || (standing?.document?.sourceId ?? ""),
    title: passage.title || (standing?.document?.title ?? ""),
    section: passage.section ?? standing?.section ?? null,
    hash: passage.hash,
    score: passage.score,
  };
}

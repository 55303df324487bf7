import type { Understanding } from "../../domain.ts";

export type Change = Understanding["changes"][number];

/** A stretch of the question read as something else; `text` is what stands in its place in the search. */
export interface Reading {
  start: number;
  end: number;
  text: string;
  change: Change;
}

/** A word of the question with its place. */
export interface Word {
  text: string;
  lower: string;
  start: number;
  end: number;
}

const wordPattern = /[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu;

export function wordsWithPlaces(question: string): Word[] {
  return [...question.matchAll(wordPattern)].map(({ 0: text, index }) => ({
    text,
    lower: text.toLowerCase(),
    start: index,
    end: index + text.length,
  }));
}

/** The words of which hyphened ones are made: "tumour-promoting" is two. */
export function simpleWords(words: Word[]): Word[] {
  return words.flatMap((word) =>
    [...word.text.matchAll(/[^-'’]+/g)].map(({ 0: text, index }) => ({
      text,
      lower: text.toLowerCase(),
      start: word.start + index,
      end: word.start + index + text.length,
    })),
  );
}

/** The question with its readings in place; of two that overlap the longer stands. */
export function applyReadings(question: string, readings: Reading[]): { text: string; changes: Change[] } {
  const kept: Reading[] = [];
  for (const reading of readings.toSorted((left, right) => right.end - right.start - (left.end - left.start))) {
    if (kept.every(({ start, end }) => reading.end <= start || reading.start >= end)) kept.push(reading);
  }
  kept.sort((left, right) => left.start - right.start);
  let text = "";
  let at = 0;
  for (const reading of kept) {
    text += question.slice(at, reading.start) + reading.text;
    at = reading.end;
  }
  const changes = new Map(kept.map(({ change }) => [JSON.stringify(change), change]));
  return { text: text + question.slice(at), changes: [...changes.values()] };
}

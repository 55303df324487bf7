import { createHash } from "node:crypto";
import { cosine } from "../../embeddings/index.ts";

interface Known {
  /** The question's vector, of length 1. */
  vector: Float32Array;
  likeness: string;
  /** Where its answer is kept. */
  key: string;
}

const scopeLimit = 100;
const perScope = 100;

/**
 * Recently answered questions of this process by scope (all that an answer depends on but the question's wording), to
 * find one that asks the same in other words. Holds vectors and hashes, no words.
 */
export class LikeQuestions {
  readonly #scopes = new Map<string, Known[]>();

  /** The keys of questions with the same likeness and a cosine of at least `threshold`, nearest first. */
  find(scope: string, question: { vector: ArrayLike<number>; likeness: string }, threshold: number): string[] {
    const vector = Float32Array.from(question.vector);
    return (this.#scopes.get(scope) ?? [])
      .filter(({ likeness }) => likeness === question.likeness)
      .map(({ key, vector: other }) => ({ key, near: cosine(vector, other) }))
      .filter(({ near }) => near >= threshold)
      .sort((left, right) => right.near - left.near)
      .map(({ key }) => key);
  }

  add(scope: string, { vector, likeness, key }: { vector: ArrayLike<number>; likeness: string; key: string }): void {
    const known = (this.#scopes.get(scope) ?? []).filter((other) => other.key !== key);
    known.push({ vector: Float32Array.from(vector), likeness, key });
    // Set anew, so that the scope used last stands last and the one unused for longest goes first.
    this.#scopes.delete(scope);
    this.#scopes.set(scope, known.slice(-perScope));
    if (this.#scopes.size > scopeLimit) this.#scopes.delete(this.#scopes.keys().next().value as string);
  }
}

const furniture = new Set("a an the is are was were be been being do does did has have had there please".split(" "));
/** Words that begin a part of a question and say how it stands to the rest. */
const joints = new Set(
  `of in on for with without to from into by at after before during between above below under over against than versus vs
  per within until since through about as if while because and or but unless except among what which when where who whom
  whose why how`.split(/\s+/),
);
const sameJoints = new Map([
  ["which", "what"],
  ["vs", "versus"],
  ["whom", "who"],
]);

/**
 * A hash that two questions share only if they say the same words of substance: the same parts, in any order ("In
 * atrial fibrillation, what is the dose of warfarin?"), each with the same words in the same order. Numbers, signs,
 * negations, drug names and directions ("from", "to", "before", "without") all count; articles, forms of to be and the
 * plural do not. Nearness of vectors alone takes one dose or drug for another.
 */
export function likenessOf(question: string): string {
  const parts = question
    .toLowerCase()
    .replace(/\bcan(?:['’]t|not)\b/g, "can not")
    .replace(/\bwon['’]t\b/g, "will not")
    .replace(/n['’]t\b/g, " not")
    .replace(/['’]s\b/g, "")
    .split(/[,;:.?!](?!\p{N})/u)
    .flatMap(partsOf);
  const numbers = question.match(/\p{N}+(?:[.,]\p{N}+)*/gu) ?? [];
  return createHash("sha256")
    .update(JSON.stringify([parts.sort(), numbers]))
    .digest("base64url");
}

function partsOf(clause: string): string[] {
  const parts: string[][] = [[""]];
  for (const word of clause.match(/[<>≤≥=%±+]|\p{N}+(?:[.,]\p{N}+)*|\p{L}[\p{L}\p{N}]*/gu) ?? []) {
    if (furniture.has(word)) continue;
    if (joints.has(word)) parts.push([sameJoints.get(word) ?? word]);
    else parts.at(-1)?.push(singular(word));
  }
  return parts.filter((part, at) => at > 0 || part.length > 1).map((part) => part.join(" "));
}

// No stemmer: it folds words that a dose or drug may hang on.
function singular(word: string): string {
  return word.length > 4 && /[^siu]s$/.test(word) ? word.slice(0, -1) : word;
}

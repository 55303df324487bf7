import { randomNumbers } from "./text.ts";

/**
 * Text as a large collection has it: word frequencies fall by Zipf's law, the most frequent words are English function
 * words (which no index holds), and the vocabulary is large enough that a million chunks still have rare words.
 */
export interface NaturalText {
  /** Every word that may be drawn, by falling frequency. */
  words: string[];
  /** Draws the place of a word in `words`. */
  pick(): number;
  random(): number;
}

const vocabularySize = 200_000;
/** Words of the first ranks are all function words; from there every second one is, until there are none left. */
const functionRanks = 50;

const functionWords =
  `the of and to in a is that for it was on are as with be by at this had not but from have or an they
  which you were her she there would their we him been has when who will more no if out so said what up its about into than
  them can only other then did my over me these your do does our such some could his how most any where too very just now
  being both each few here own same should under until while why again before after above below between against during`
    .trim()
    .split(/\s+/);

export function naturalText(seed: number): NaturalText {
  vocabulary ??= makeVocabulary();
  const { words, draw } = vocabulary;
  const random = randomNumbers(seed);
  return { words, pick: () => draw(random), random };
}

let vocabulary: ReturnType<typeof makeVocabulary> | undefined;

function makeVocabulary() {
  const words = makeWords(randomNumbers(vocabularySize));
  return { words, draw: aliasPicker(words.map((_, rank) => 1 / (rank + 1))) };
}

/** A sentence of so many words, drawn with natural frequencies. */
export function drawSentence({ words, pick }: NaturalText, length: number): string {
  const text = Array.from({ length }, () => words[pick()]).join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function makeWords(random: () => number): string[] {
  const onsets = ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "pr", "st", "tr", "gl"];
  const rimes = ["a", "e", "i", "o", "u", "an", "en", "or", "al", "ic", "ol", "um", "ast", "ine"];
  const any = (parts: string[]) => parts[Math.floor(random() * parts.length)] as string;
  const content = new Set<string>();
  while (content.size < vocabularySize - functionWords.length) {
    const syllables = 2 + Math.floor(Math.log10(10 + content.size) / 2 + random() * 1.5);
    content.add(Array.from({ length: syllables }, () => any(onsets) + any(rimes)).join(""));
  }
  const left = [...functionWords];
  const words = left.splice(0, functionRanks);
  for (const word of content) {
    words.push(word);
    const next = left.shift();
    if (next) words.push(next);
  }
  return words;
}

/** Draws a place with its weight's probability, in the same time however many there are (Walker's alias method). */
function aliasPicker(weights: number[]): (random: () => number) => number {
  const size = weights.length;
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / size;
  const own = Float64Array.from(weights, (weight) => weight / mean);
  const alias = Int32Array.from(weights, (_, at) => at);
  const small: number[] = [];
  const large: number[] = [];
  own.forEach((share, at) => {
    (share < 1 ? small : large).push(at);
  });
  for (let less = small.pop(), more = large.at(-1); less !== undefined && more !== undefined; ) {
    alias[less] = more;
    own[more] = (own[more] as number) + (own[less] as number) - 1;
    if ((own[more] as number) < 1) {
      large.pop();
      small.push(more);
    }
    less = small.pop();
    more = large.at(-1);
  }
  return (random) => {
    const at = Math.floor(random() * size);
    return random() < (own[at] as number) ? at : (alias[at] as number);
  };
}

export interface NaturalVectors {
  /** A unit vector and the subject it lies about, 0 to `subjects` − 1: the given one, or any. */
  next(subject?: number): { vector: Float32Array; subject: number };
}

const subjects = 200;
/** Directions in which texts about one subject differ; embeddings fill far fewer than they have numbers. */
const innerDimensions = 32;

/** Unit vectors as embeddings lie: around subjects, along few directions, with some noise in all. */
export function naturalVectors(dimensions: number, seed: number): NaturalVectors {
  const shape = normals(randomNumbers(dimensions));
  const centres = Array.from({ length: subjects }, () => Float32Array.from({ length: dimensions }, shape));
  const directions = Array.from({ length: innerDimensions }, () => Float32Array.from({ length: dimensions }, shape));
  const random = randomNumbers(seed);
  const normal = normals(random);
  return {
    next(subject = Math.floor(random() * subjects)) {
      const vector = Float32Array.from(centres[subject] as Float32Array);
      for (const direction of directions) {
        const along = (0.7 * normal()) / Math.sqrt(innerDimensions);
        for (let at = 0; at < dimensions; at += 1)
          vector[at] = (vector[at] as number) + along * (direction[at] as number);
      }
      let square = 0;
      for (let at = 0; at < dimensions; at += 1) {
        const value = (vector[at] as number) + 0.2 * normal();
        vector[at] = value;
        square += value * value;
      }
      const length = Math.sqrt(square);
      for (let at = 0; at < dimensions; at += 1) vector[at] = (vector[at] as number) / length;
      return { vector, subject };
    },
  };
}

function normals(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

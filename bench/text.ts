/**
 * Made-up documents whose word frequencies fall as in natural text (Zipf's law: the n-th word comes 1/n as often), so
 * that postings lists have a natural shape. The same seed gives the same text.
 */
export interface GeneratedDocument {
  _id: string;
  title: string;
  text: string;
}

const vocabularySize = 20_000;
const wordsPerDocument = 140;

export function generateDocuments(count: number, seed: number): GeneratedDocument[] {
  const random = randomNumbers(seed);
  const words = makeVocabulary(random);
  const pick = zipfPicker(words, random);
  return Array.from({ length: count }, (_, index) => {
    const sentences: string[] = [];
    for (let left = wordsPerDocument; left > 0; ) {
      const length = Math.min(left, 8 + Math.floor(random() * 20));
      sentences.push(sentenceOf(Array.from({ length }, pick)));
      left -= length;
    }
    const title = sentenceOf(Array.from({ length: 6 + Math.floor(random() * 6) }, pick)).slice(0, -1);
    return { _id: `document-${seed}-${index}`, title, text: sentences.join(" ") };
  });
}

/**
 * Unit vectors around cluster centres, as embeddings of texts about a few hundred subjects lie.
 * @returns `count` vectors of `dimensions` numbers
 */
export function generateVectors(count: number, dimensions: number, seed: number): Float32Array[] {
  const random = randomNumbers(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: 200 }, () => Float32Array.from({ length: dimensions }, normal));
  return Array.from({ length: count }, () => {
    const centre = centres[Math.floor(random() * centres.length)] as Float32Array;
    const vector = centre.map((number) => number + 0.7 * normal());
    const length = Math.hypot(...vector);
    return vector.map((number) => number / length);
  });
}

/** Numbers in [0, 1) from a seed: Mulberry32 (Tommy Ettinger 2017, public domain). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function makeVocabulary(random: () => number): string[] {
  const onsets = ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "pr", "st", "tr", "gl"];
  const rimes = ["a", "e", "i", "o", "u", "an", "en", "or", "al", "ic", "ol", "um", "ast", "ine"];
  const any = (parts: string[]) => parts[Math.floor(random() * parts.length)] as string;
  const words = new Set<string>();
  // Frequent words are short, as in any language.
  while (words.size < vocabularySize) {
    const syllables = 1 + Math.floor(Math.log10(10 + words.size)) - (random() < 0.3 ? 1 : 0);
    words.add(Array.from({ length: Math.max(1, syllables) }, () => any(onsets) + any(rimes)).join(""));
  }
  return [...words];
}

function zipfPicker(words: string[], random: () => number): () => string {
  let total = 0;
  const upTo = words.map((_, rank) => (total += 1 / (rank + 1)));
  return () => {
    const wanted = random() * total;
    let low = 0;
    for (let high = words.length - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return words[low] as string;
  };
}

function sentenceOf(words: string[]): string {
  const text = words.join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

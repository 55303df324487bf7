import type { CollectionView } from "#lib/domain.ts";

/** Questions the sample collections hold evidence for. */
const examples = [
  "Is apixaban or warfarin safer for stroke prevention in atrial fibrillation?",
  "At which eGFR should metformin be stopped or its dose reduced?",
  "What is the preferred reliever at each step of asthma treatment in adults?",
  "Which drugs are used first for hypertension in pregnancy?",
  "What belongs to the first hour of sepsis treatment?",
  "Which drugs interact with simvastatin?",
];

/** Examples are offered only where they can be answered: when samples are among the collections. */
export function exampleQuestions(collections: CollectionView[]): string[] {
  return collections.some((collection) => collection.samples > 0) ? examples : [];
}

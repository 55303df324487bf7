/** What filters ask of a made-up document, each value as frequent as its name says. */
export interface MadeFacets {
  language: string;
  publishedOn: string;
  publishedDate: string;
  publicationTypes: string[];
  evidenceLevel: string;
  populations: string[];
}

/** Publication types by their share of the documents; each is drawn by itself. */
export const typeShares = {
  "Comparative Study": 0.5,
  "Clinical Trial": 0.1,
  "Meta-Analysis": 0.01,
  "Practice Guideline": 0.001,
} as const;

/** Documents about these subjects are Spanish, so that a filter may go against where a question's vector lies. */
export const spanishSubjects = 10;

export function facetsOf(random: () => number, subject: number): MadeFacets {
  const year = 1996 + Math.floor(30 * Math.sqrt(random()));
  const month = String(1 + Math.floor(random() * 12)).padStart(2, "0");
  const day = String(1 + Math.floor(random() * 28)).padStart(2, "0");
  const precision = random();
  const publicationTypes = ["Journal Article"];
  for (const [type, share] of Object.entries(typeShares)) if (random() < share) publicationTypes.push(type);
  return {
    language: subject < spanishSubjects ? "es" : random() < 0.2 ? "en-GB" : "en",
    publishedOn: precision < 0.2 ? `${year}` : precision < 0.5 ? `${year}-${month}` : `${year}-${month}-${day}`,
    publishedDate:
      precision < 0.2 ? `${year}-01-01` : precision < 0.5 ? `${year}-${month}-01` : `${year}-${month}-${day}`,
    publicationTypes,
    evidenceLevel: random() < 0.1 ? "randomised_trial" : "observational",
    populations: random() < 0.05 ? ["child"] : random() < 0.5 ? ["adult"] : [],
  };
}

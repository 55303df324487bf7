import type { QuestionTerm, Retrieval } from "#db/index.ts";
import type { AnswerSentence } from "../../domain.ts";
import { extractSentences } from "../extract.ts";
import { isSpanish } from "../language.ts";
import type { Passage } from "../passage.ts";
import { stem, stemsOf, wordsOf } from "../words.ts";

const questionLimit = 3;

interface Topic {
  /** What a section's name or a sentence says when it speaks of this. */
  section: RegExp;
  sentence: RegExp;
  /** Stems of a question that already asked it. */
  asked: RegExp;
  english: (subject: string) => string;
  spanish: (subject: string) => string;
}

const topics: Topic[] = [
  {
    section: /contraindicat|do not use|contraindicaci/i,
    sentence: /\bcontraindicat|\bmust not be (?:used|given)|\bdo not (?:use|give)|contraindicad/i,
    asked: /contraindic|must not|avoid|who should not|evitar/i,
    english: (subject) => `What are the contraindications of ${subject}?`,
    spanish: (subject) => `¿Cuáles son las contraindicaciones de ${subject}?`,
  },
  {
    section: /dos(?:age|ing|e)|administration|dosis|posolog/i,
    sentence:
      /\d\s*(?:mg|mcg|µg|g|units?|mL)\b.*\b(?:daily|day|hours|once|twice|weekly)|\b(?:starting|usual|maximum|initial) dose/i,
    asked: /\bdos(?:e|es|age|ing)|how much|dosis|cuánto/i,
    english: (subject) => `What is the dose of ${subject}?`,
    spanish: (subject) => `¿Cuál es la dosis de ${subject}?`,
  },
  {
    section: /pregnan|lactation|embaraz/i,
    sentence: /\bpregnan|\bfetal|embaraz/i,
    asked: /pregnan|trimester|embaraz/i,
    english: (subject) => `What is known about ${subject} in pregnancy?`,
    spanish: (subject) => `¿Qué se sabe de ${subject} en el embarazo?`,
  },
  {
    section: /paediatric|pediatric|child|niños/i,
    sentence: /\bchild(?:ren)?\b|\bpa?ediatric|\bniños?\b/i,
    asked: /child|paediatric|pediatric|infant|niñ/i,
    english: (subject) => `What is known about ${subject} in children?`,
    spanish: (subject) => `¿Qué se sabe de ${subject} en niños?`,
  },
  {
    section: /renal|kidney/i,
    sentence:
      /\b(?:renal impairment|kidney (?:disease|failure|function)|eGFR|creatinine clearance)\b|insuficiencia renal/i,
    asked: /renal|kidney|egfr|riñ/i,
    english: (subject) => `What is known about ${subject} in kidney disease?`,
    spanish: (subject) => `¿Qué se sabe de ${subject} en la enfermedad renal?`,
  },
  {
    section: /interaction|interaccion/i,
    sentence: /\binteract(?:s|ions?)?\b|interaccion/i,
    asked: /interact|together with|combin|interaccion/i,
    english: (subject) => `Which interactions does ${subject} have?`,
    spanish: (subject) => `¿Qué interacciones tiene ${subject}?`,
  },
  {
    section: /adverse|side effect|undesirable|efectos adversos|secundarios/i,
    sentence: /\b(?:adverse (?:reactions?|effects?|events?)|side effects?)\b|efectos (?:adversos|secundarios)/i,
    asked: /side effect|adverse|harm|efectos/i,
    english: (subject) => `What are the adverse effects of ${subject}?`,
    spanish: (subject) => `¿Cuáles son los efectos adversos de ${subject}?`,
  },
  {
    section: /monitor|follow-up|seguimiento/i,
    sentence: /\b(?:monitor|recheck|check the|measure(?:d)? (?:every|within|at))\b|\bcontrolar\b/i,
    asked: /monitor|follow|check|measure|seguimiento|controlar/i,
    english: (subject) => `How is ${subject} monitored?`,
    spanish: (subject) => `¿Cómo se controla ${subject}?`,
  },
  {
    section: /symptom|signs|síntoma/i,
    sentence: /\bsymptoms?\b|\bsíntomas\b/i,
    asked: /symptom|sign|síntoma/i,
    english: (subject) => `What are the symptoms of ${subject}?`,
    spanish: (subject) => `¿Cuáles son los síntomas de ${subject}?`,
  },
  {
    section: /diagnos/i,
    sentence: /\bdiagnos(?:is|ed|e)\b|\bdiagn[oó]stic/i,
    asked: /diagnos|test|diagnóst/i,
    english: (subject) => `How is ${subject} diagnosed?`,
    spanish: (subject) => `¿Cómo se diagnostica ${subject}?`,
  },
  {
    section: /treatment|management|tratamiento/i,
    sentence: /\b(?:treat(?:ed|ment)?|first-line|therapy)\b|\btratamiento\b/i,
    asked: /treat|therap|manage|drug|give|dose|tratam/i,
    english: (subject) => `How is ${subject} treated?`,
    spanish: (subject) => `¿Cómo se trata ${subject}?`,
  },
];
/** Asked of drugs alone, or of conditions alone. */
const drugTopics = 7;
const conditionTopics = 3;

/**
 * Questions that the same passages can answer, at most three: on matters that the passages speak of and the answer has
 * not quoted, in the language of the question. Each is put to the extractive answerer first, over these passages.
 */
export function followUpQuestions(
  question: string,
  passages: Passage[],
  sentences: AnswerSentence[],
  retrieval: Pick<Retrieval, "terms">,
): string[] {
  const cited = new Set(sentences.flatMap(({ citations }) => citations.map(({ documentId }) => documentId)));
  const quoted = sentences.flatMap(({ citations }) => citations.map(({ quote }) => quote)).join("\n");
  const spanish = isSpanish(question);
  const subjects = subjectsOf(
    question,
    passages.filter(({ documentId }) => cited.has(documentId)),
    retrieval.terms,
  );
  const found: string[] = [];
  const used = new Set<Topic>();
  for (const { subject, isDrug } of subjects) {
    const fitting = isDrug ? topics.slice(0, drugTopics + 1) : topics.slice(-conditionTopics);
    for (const topic of fitting) {
      if (found.length === questionLimit) return found;
      if (used.has(topic) || topic.asked.test(question)) continue;
      const asked = spanish ? topic.spanish(subject) : topic.english(subject);
      if (!isAnswered(asked, topic, subject, passages, quoted)) continue;
      used.add(topic);
      found.push(asked);
    }
  }
  return found;
}

/** Whether the extractive answerer finds a sentence on this topic and subject that the answer has not quoted. */
function isAnswered(asked: string, topic: Topic, subject: string, passages: Passage[], quoted: string): boolean {
  const names = wordsOf(subject).map(stem);
  const about = passages.filter((passage) => {
    const stems = stemsOf(`${passage.title} ${passage.text}`, passage.language);
    return names.every((name) => stems.has(name));
  });
  const lexemes = [...stemsOf(asked)];
  const terms = lexemes.map((lexeme) => ({ lexeme, chunks: 1, idf: 1 }));
  return extractSentences(asked, terms, about).some(({ text, quotes }) => {
    const passage = passages.find(({ number }) => number === quotes[0]?.passage);
    const place = `${passage?.section ?? ""}`;
    const onTopic = topic.sentence.test(text) || topic.section.test(place);
    const named = stemsOf(`${text} ${passage?.title ?? ""}`, passage?.language);
    const onSubject = names.every((name) => named.has(name));
    return onTopic && onSubject && !quotes.some(({ quote }) => quoted.includes(quote));
  });
}

/** What the question and the titles of the cited documents have in common: the drug or condition it is about. */
function subjectsOf(question: string, cited: Passage[], terms: QuestionTerm[]): { subject: string; isDrug: boolean }[] {
  const asked = new Set(wordsOf(question).filter((word) => word.length > 3));
  const idf = new Map(terms.map(({ lexeme, idf: weight }) => [lexeme, weight]));
  const counted = new Map<string, { subject: string; isDrug: boolean; weight: number }>();
  for (const { title, evidenceLevel } of cited) {
    for (const run of titleRuns(title, asked)) {
      const isDrug = evidenceLevel === "label" || drugShape.test(run);
      const known = counted.get(run);
      const weight = wordsOf(run).reduce((sum, word) => sum + (idf.get(stem(word)) ?? 1), 0);
      counted.set(run, {
        subject: run,
        isDrug: isDrug || known?.isDrug === true,
        weight: (known?.weight ?? 0) + weight,
      });
    }
  }
  return [...counted.values()].toSorted((left, right) => right.weight - left.weight).slice(0, 2);
}

const drugShape =
  /(?:mab|nib|pril|sartan|statin|olol|azole|cillin|mycin|floxacin|cycline|prazole|gliptin|gliflozin|triptan|parin|xaban|grel|dipine|azepam|glutide|formin|semide|thiazide|profen|oxetine|farin|thyroxine|sone|solone|lactone|xate|cetamol|minophen|insulin|inhibitors?|blockers?|agonists?|antagonists?|diuretics?|anticoagulants?|antibiotics?|steroids?|vaccines?)$/i;
const noSubject = new Set(
  "sample samples guideline label with without from after before under over what which when adults adult children patients treatment management therapy disease care pregnancy blood pressure kidney function heart liver older people first dosing starting acute chronic review trial study risk dose doses tablet tablets injection effect effects versus among does".split(
    " ",
  ),
);

/** "Warfarin" of a title is "warfarin" in a sentence; SGLT2 and COVID stay. */
function inText(word: string): string {
  return /^\p{Lu}\p{Ll}+$/u.test(word) ? word.toLowerCase() : word;
}

// Words of a title that the question holds too, in a row: "atrial fibrillation", "warfarin".
function titleRuns(title: string, asked: Set<string>): string[] {
  const runs: string[][] = [[]];
  for (const word of title.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []) {
    const isShared = asked.has(word.toLowerCase());
    if (isShared) runs.at(-1)?.push(word);
    else if ((runs.at(-1)?.length ?? 0) > 0) runs.push([]);
  }
  return runs
    .filter((run) => run.length > 0 && run.length <= 4 && run.some((word) => !noSubject.has(word.toLowerCase())))
    .map((run) => run.map(inText).join(" "));
}

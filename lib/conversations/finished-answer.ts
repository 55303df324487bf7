import type { FinishedAnswer, NewCitation } from "#db/index.ts";
import type { Receipt } from "../ask/index.ts";
import type { AnswerResult } from "../domain.ts";
import { answerText } from "./views.ts";

/** An ended answer as it is stored: whoever ends it, and however, each sentence shown keeps its citations. */
export function finishedAnswer(result: AnswerResult, receipt: Receipt | null): FinishedAnswer {
  const { content, places } = answerText(result.sentences);
  const citations: NewCitation[] = result.sentences.flatMap((sentence, at) =>
    sentence.citations.map((citation) => ({
      sentenceIndex: sentence.index,
      sentenceStart: places[at]?.start ?? 0,
      sentenceEnd: places[at]?.end ?? 0,
      ...citation,
      chunkId: citation.chunkId ?? null,
    })),
  );
  const sources = new Map(
    citations.map(({ number, documentId, collection, sourceId, title }) => [
      number,
      { number, documentId, collection, sourceId, title },
    ]),
  );
  const status = result.status === "stopped" || result.status === "failed" ? result.status : "complete";
  return {
    content,
    status,
    answer: result,
    sources: [...sources.values()],
    model: result.model,
    tokensUsed: result.tokensUsed,
    citations: [...citations, ...besideOf(result)],
    receipt,
  };
}

/** Index of what is quoted beside an answer's sentences: its warnings and contrasts. */
export const besideSentences = -1;

// Rows too: a retraction that comes later finds these quotes as it finds those of the sentences.
function besideOf({ warnings, contrasts }: AnswerResult): NewCitation[] {
  const quoted = [
    ...warnings.flatMap((warning) => warning.citations),
    ...contrasts.flatMap(({ sides }) => sides.map(({ citation }) => citation)),
  ];
  return quoted.map((citation) => ({
    sentenceIndex: besideSentences,
    sentenceStart: 0,
    sentenceEnd: 0,
    ...citation,
    chunkId: citation.chunkId ?? null,
  }));
}

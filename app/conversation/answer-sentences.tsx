import { TriangleAlert } from "lucide-react";
import { Badge } from "#app/components/badges.tsx";
import type { AnswerSentence } from "#lib/domain.ts";
import { CitationMarker, type MarkerOrigin } from "./citation-marker.tsx";
import { SentenceFeedback } from "./feedback/sentence-feedback.tsx";
import { groupsOf, isQuotation } from "./sources.ts";
import { lostGround } from "./standing.ts";

export interface AnswerSentencesProps {
  sentences: AnswerSentence[];
  from: MarkerOrigin;
  /** Readers can say what each is worth. */
  isFinished: boolean;
}

/** The sentences of an answer, each on a line of its own with its markers, under the heading of its group. */
export function AnswerSentences({ sentences, from, isFinished }: AnswerSentencesProps) {
  return (
    <div className="grid gap-4">
      {groupsOf(sentences).map((group) => (
        <section key={group.sentences[0]?.index} className="grid gap-1.5">
          {group.heading && <h3 className="font-semibold text-ink-soft text-sm leading-snug">{group.heading}</h3>}
          {group.sentences.map((sentence) => (
            <Sentence key={sentence.index} sentence={sentence} from={from} isFinished={isFinished} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Sentence({
  sentence,
  from,
  isFinished,
}: Omit<AnswerSentencesProps, "sentences"> & { sentence: AnswerSentence }) {
  const quotation = isQuotation(sentence);
  const lost = lostGround(sentence);
  const rule = lost ? (lost.isGrave ? "border-danger" : "border-caution") : "border-line";
  return (
    <p
      className={`appear group/sentence max-w-[70ch] leading-[1.65] ${quotation || lost ? `border-l-2 pl-3.5 ${rule}` : ""}`}
    >
      <span className={lost?.isGrave ? "text-ink-soft line-through decoration-danger/60" : undefined}>
        {quotation ? `“${sentence.text}”` : sentence.text}
      </span>
      {sentence.citations.map((citation) => (
        <CitationMarker key={`${citation.number}:${citation.start}:${citation.end}`} citation={citation} from={from} />
      ))}
      {lost && (
        <span className="ml-1.5 inline-block align-middle">
          <Badge tone={lost.isGrave ? "danger" : "caution"}>
            <TriangleAlert className="size-3" aria-hidden="true" />
            {lost.label}
          </Badge>
        </span>
      )}
      {isFinished && <SentenceFeedback messageId={from.messageId} sentence={sentence} />}
    </p>
  );
}

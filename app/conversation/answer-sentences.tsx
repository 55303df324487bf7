import type { AnswerSentence } from "#lib/domain.ts";
import { CitationMarker, type MarkerOrigin } from "./citation-marker.tsx";
import { groupsOf, isQuotation } from "./sources.ts";

/** The sentences of an answer, each on a line of its own with its markers, under the heading of its group. */
export function AnswerSentences({ sentences, from }: { sentences: AnswerSentence[]; from: MarkerOrigin }) {
  return (
    <div className="grid gap-4">
      {groupsOf(sentences).map((group) => (
        <section key={group.sentences[0]?.index} className="grid gap-1.5">
          {group.heading && <h3 className="font-semibold text-ink-soft text-sm leading-snug">{group.heading}</h3>}
          {group.sentences.map((sentence) => (
            <p
              key={sentence.index}
              className={`appear max-w-[70ch] leading-[1.65] ${isQuotation(sentence) ? "border-line border-l-2 pl-3.5" : ""}`}
            >
              {isQuotation(sentence) ? `“${sentence.text}”` : sentence.text}
              {sentence.citations.map((citation) => (
                <CitationMarker
                  key={`${citation.number}:${citation.start}:${citation.end}`}
                  citation={citation}
                  from={from}
                />
              ))}
            </p>
          ))}
        </section>
      ))}
    </div>
  );
}

import Link from "next/link";
import { SourceBadges } from "#app/components/badges.tsx";
import { textLink } from "#app/components/styles.ts";
import type { AnswerSentence } from "#lib/domain.ts";
import { CitationNotes, type MarkerOrigin } from "./citation-marker.tsx";
import { counted } from "./labels.ts";
import { citedSources, placeOf, sourceHref } from "./sources.ts";
import { asOfToday, changeOf } from "./standing.ts";

/** The numbered sources under an answer, each with the places its quotes were taken from. */
export function SourceList({ sentences, from }: { sentences: AnswerSentence[]; from: MarkerOrigin }) {
  const sources = citedSources(sentences);
  if (sources.length === 0) return null;
  return (
    <section
      aria-labelledby={`sources-${from.messageId}`}
      className="rounded-lg border border-line bg-panel/60 px-4 pt-3 pb-1"
    >
      <h3 id={`sources-${from.messageId}`} className="label-caps">
        {counted(sources.length, "source")}
      </h3>
      <ol className="divide-y divide-line">
        {sources.map(({ number, first, quotes }) => (
          <li key={number} className="grid grid-cols-[1.5rem_1fr] gap-x-1.5 py-2.5 text-sm">
            <span className="tabular pt-px font-semibold text-accent-strong text-xs leading-5">{number}</span>
            <div className="grid min-w-0 gap-1">
              <Link
                href={sourceHref(first, from)}
                prefetch={false}
                className="font-medium leading-snug hover:text-accent hover:underline"
              >
                {first.title}
              </Link>
              <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <SourceBadges source={asOfToday(first)} quotes={quotes} />
                <span className="text-ink-faint text-xs">{first.collectionTitle}</span>
              </div>
              <CitationNotes citation={quotes.find((quote) => changeOf(quote) !== null) ?? first} />
              <p className="tabular flex flex-wrap gap-x-3 text-ink-faint text-xs">
                {quotes.map((quote, index) => (
                  <Link
                    key={`${quote.start}:${quote.end}`}
                    href={sourceHref(quote, from)}
                    prefetch={false}
                    className={textLink}
                    title={quote.quote}
                    aria-label={`Quote ${index + 1} of source ${number}${placeOf(quote) ? `: ${placeOf(quote)}` : ""}`}
                  >
                    {placeOf(quote) || `Quote ${index + 1}`}
                  </Link>
                ))}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

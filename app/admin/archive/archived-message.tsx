import Link from "next/link";
import { textLink } from "#app/components/styles.ts";
import { DroppedList } from "#app/conversation/dropped-list.tsx";
import { citedSources, placeKey, placeOf, sourceHref } from "#app/conversation/sources.ts";
import type { Citation, MessageView } from "#lib/domain.ts";
import { When } from "../when.tsx";

/** A message as it stands in the archive: to be read, with its sources, and nothing else. */
export function ArchivedMessage({ message }: { message: MessageView }) {
  const { id, role, senderName, createdAt, content, answer, status } = message;
  const isQuestion = role === "user";
  return (
    <li>
      <article
        aria-labelledby={`archived-${id}`}
        className={isQuestion ? "rounded-lg bg-panel px-4 py-3" : "grid gap-3"}
      >
        <div className="flex flex-wrap items-center gap-x-3">
          <h2 id={`archived-${id}`} className="label-caps">
            {isQuestion ? "Question" : "Answer"}
          </h2>
          <p className="text-ink-soft text-xs">
            {isQuestion ? `${senderName ?? "Unknown"}, ` : status === "complete" ? "" : `${status}, `}
            <When at={createdAt} />
          </p>
        </div>
        {isQuestion || !answer ? (
          <p className="max-w-[70ch] whitespace-pre-wrap break-words">{content}</p>
        ) : (
          <ArchivedAnswer answer={answer} />
        )}
      </article>
    </li>
  );
}

function ArchivedAnswer({ answer }: { answer: NonNullable<MessageView["answer"]> }) {
  const { sentences, warnings, contrasts, gap, redirection, dropped, error } = answer;
  const sources = citedSources(sentences);
  return (
    <>
      {redirection && (
        <p className="max-w-[70ch]">
          {redirection.title} {redirection.text}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={`${warning.kind} ${warning.drug}`} className="max-w-[70ch] border-caution-line border-l-2 pl-3 text-sm">
          Warning for {warning.drug}: {warning.citations.map(({ quote }) => `“${quote}”`).join(" ")}
        </p>
      ))}
      {sentences.map(({ index, text, citations }) => (
        <p key={index} className="max-w-[70ch] leading-[1.65]">
          {text}
          {citations.map((citation) => (
            <Marker key={placeKey(citation)} citation={citation} />
          ))}
        </p>
      ))}
      {contrasts.map(({ about, sides }) => (
        <p key={about} className="max-w-[70ch] text-sm">
          Sources differ in {about}: {sides.map(({ label, citation }) => `${label}: “${citation.quote}”`).join("; ")}
        </p>
      ))}
      {gap && <p className="max-w-[70ch]">No evidence was found for this question.</p>}
      {error && <p className="text-danger text-sm">{error}</p>}
      {sources.length > 0 && (
        <ol aria-label="Sources" className="grid gap-1.5 text-sm">
          {sources.map(({ number, first, quotes }) => (
            <li key={number} className="grid grid-cols-[1.5rem_1fr]">
              <span className="tabular font-semibold text-xs leading-5">{number}</span>
              <span>
                <Link href={sourceHref(first)} prefetch={false} className={textLink}>
                  {first.title}
                </Link>
                {quotes.map((quote) => (
                  <span key={placeKey(quote)} className="block text-ink-soft">
                    “{quote.quote}” {placeOf(quote)}
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ol>
      )}
      <DroppedList dropped={dropped} />
    </>
  );
}

function Marker({ citation }: { citation: Citation }) {
  return (
    <Link
      href={sourceHref(citation)}
      prefetch={false}
      aria-label={`Source ${citation.number}: ${citation.title}`}
      className="tabular ml-1 rounded bg-accent-wash px-1 font-semibold text-accent-strong text-xs"
    >
      {citation.number}
    </Link>
  );
}

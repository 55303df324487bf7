import { Check, RotateCcw } from "lucide-react";
import Link from "next/link";
import { Badge } from "#app/components/badges.tsx";
import { button, textLink } from "#app/components/styles.ts";
import { kindLabels } from "#app/conversation/feedback/own-feedback.ts";
import { sourceHref } from "#app/conversation/sources.ts";
import type { ReviewedFeedback } from "#lib/feedback/index.ts";
import { When } from "./when.tsx";

export interface FeedbackItemProps {
  feedback: ReviewedFeedback;
  busy: boolean;
  onResolve: (resolved: boolean) => void;
}

/** One thing that was said: of what on the left, by whom and what on the right. */
export function FeedbackItem({ feedback, busy, onResolve }: FeedbackItemProps) {
  const { kind, note, person, updatedAt, resolvedAt, resolvedBy, mayOpen, conversation, messageId, question } =
    feedback;
  return (
    <li className="grid gap-x-8 gap-y-3 py-4 md:grid-cols-[3fr_2fr]">
      <div className="grid min-w-0 content-start gap-2 break-words">
        <h2 className="font-medium">
          {mayOpen ? (
            <Link href={`/c/${encodeURIComponent(conversation.id)}#answer-${messageId}`} className={textLink}>
              {question}
            </Link>
          ) : (
            question
          )}
        </h2>
        <Subject feedback={feedback} />
      </div>
      <div className="grid min-w-0 content-start gap-2 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <Badge tone={kind === "helpful" ? "plain" : "caution"}>{kindLabels[kind]}</Badge>
          {resolvedAt && (
            <span className="text-ink-faint">
              Resolved <When at={resolvedAt} />
              {resolvedBy && ` by ${resolvedBy}`}
            </span>
          )}
        </p>
        {note && <p className="whitespace-pre-wrap break-words">{note}</p>}
        <p className="break-words text-ink-faint">
          {person.name} ({person.email}), <When at={updatedAt} />
          {!mayOpen && " · only those who take part in the conversation can open it"}
        </p>
        <button
          type="button"
          className={`${button.secondary} w-fit`}
          disabled={busy}
          onClick={() => onResolve(resolvedAt === null)}
        >
          {resolvedAt ? (
            <RotateCcw className="size-4" aria-hidden="true" />
          ) : (
            <Check className="size-4" aria-hidden="true" />
          )}
          {resolvedAt ? "Open again" : "Resolve"}
        </button>
      </div>
    </li>
  );
}

/** The sentence with its quotes, or the answer as a whole. */
function Subject({ feedback: { sentence, answer } }: Pick<FeedbackItemProps, "feedback">) {
  if (!sentence) {
    return (
      <div className="text-sm">
        <p className="label-caps">Of the whole answer</p>
        <p className="mt-0.5 line-clamp-6 whitespace-pre-line text-ink-soft">{answer || "It had no sentence."}</p>
      </div>
    );
  }
  return (
    <div className="grid gap-2 text-sm">
      <div>
        <p className="label-caps">Of the sentence</p>
        <p className="mt-0.5">{sentence.text}</p>
      </div>
      {sentence.quotes.map((quote) => (
        <figure key={`${quote.documentId}:${quote.start}:${quote.end}`} className="border-quote-line border-l-2 pl-3">
          <blockquote className="line-clamp-4 text-ink-soft">“{quote.text}”</blockquote>
          <figcaption>
            <Link href={sourceHref({ ...quote, quote: quote.text })} prefetch={false} className={`text-xs ${textLink}`}>
              {quote.title}
            </Link>
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

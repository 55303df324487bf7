import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { AnswerSentence } from "#lib/domain.ts";
import type { MarkerOrigin } from "./citation-marker.tsx";
import { formatDate } from "./labels.ts";
import { sourceHref } from "./sources.ts";
import { changedSources, changesInWords, isGraveChange } from "./standing.ts";

/** Stands above an answer one of whose sources no longer is what it was when it was cited. */
export function ChangedSources({ sentences, from }: { sentences: AnswerSentence[]; from: MarkerOrigin }) {
  const changed = changedSources(sentences);
  if (changed.length === 0) return null;
  const grave = changed.some(({ change }) => isGraveChange(change));
  const tone = grave
    ? "border-danger-line border-l-danger bg-danger-wash text-danger"
    : "border-caution-line border-l-caution bg-caution-wash text-caution";
  return (
    <section
      aria-label="What has changed since this was answered"
      className={`flex max-w-[70ch] gap-2.5 rounded-lg border border-l-4 px-3.5 py-2.5 text-sm ${tone}`}
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="grid min-w-0 gap-1.5">
        {changesInWords(changed).map((words) => (
          <p key={words} className="font-semibold">
            {words}
          </p>
        ))}
        <ul className="grid gap-1">
          {changed.map(({ change, citation }) => (
            <li key={citation.number} className="text-ink text-xs leading-normal">
              <Link
                href={sourceHref(citation, from)}
                prefetch={false}
                className="font-medium underline decoration-current/40 underline-offset-2 hover:decoration-current"
              >
                Source {citation.number}: {citation.title}
              </Link>
              <span className="block">
                {[change === "revised" ? null : citation.today?.note, since(citation.today?.changedAt ?? null)]
                  .filter(Boolean)
                  .join(" ")}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function since(changedAt: string | null): string | null {
  const date = formatDate(changedAt);
  return date && `Known here since ${date}.`;
}

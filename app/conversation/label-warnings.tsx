import { OctagonAlert } from "lucide-react";
import Link from "next/link";
import { SourceBadges } from "#app/components/badges.tsx";
import type { LabelWarning } from "#lib/domain.ts";
import { CitationNotes, type MarkerOrigin } from "./citation-marker.tsx";
import { counted } from "./labels.ts";
import { placeKey, placeOf, sourceHref } from "./sources.ts";
import { asOfToday } from "./standing.ts";
import { byDocument, isFolded, type WarningGroup, warningGroups, warningLabels } from "./warnings.ts";

/** What the labels of the drugs in the question warn of, in their own words, above the answer. */
export function LabelWarnings({ warnings, from }: { warnings: LabelWarning[]; from: MarkerOrigin }) {
  if (warnings.length === 0) return null;
  return (
    <section aria-label="Warnings of drug labels" className="grid gap-3">
      {warningGroups(warnings).map((group, index) => {
        const id = `warning-${from.messageId}-${index}`;
        return group.kind === "boxed_warning" ? (
          <BoxedWarning key={id} id={id} group={group} from={from} />
        ) : (
          <Contraindications key={id} id={id} group={group} from={from} />
        );
      })}
    </section>
  );
}

interface GroupProps {
  id: string;
  group: WarningGroup;
  from: MarkerOrigin;
}

/** As on the label itself: a heavy black frame around every word of it. */
function BoxedWarning({ id, group, from }: GroupProps) {
  return (
    <section aria-labelledby={id} className="max-w-[76ch] rounded-md border-2 border-ink bg-raised p-4">
      <h3 id={id} className="mb-2 flex items-start gap-2 font-semibold leading-snug">
        <OctagonAlert className="mt-px size-4.5 shrink-0 text-danger" aria-hidden="true" />
        <span>
          {warningLabels[group.kind]}: <Drug name={group.drug} />
        </span>
      </h3>
      <Quotes group={group} from={from} />
    </section>
  );
}

function Contraindications({ id, group, from }: GroupProps) {
  const heading = (
    <h3 id={id} className="inline font-semibold text-sm">
      {warningLabels[group.kind]}: <Drug name={group.drug} />
    </h3>
  );
  const frame =
    "max-w-[76ch] rounded-md border border-caution-line border-l-4 border-l-caution bg-caution-wash/50 px-4 py-3";
  if (!isFolded(group)) {
    return (
      <section aria-labelledby={id} className={`grid gap-2 ${frame}`}>
        {heading}
        <Quotes group={group} from={from} />
      </section>
    );
  }
  return (
    <section aria-labelledby={id} className={frame}>
      <details>
        <summary className="rounded">
          {heading}
          <span className="ml-2 text-ink-soft text-xs">{counted(group.citations.length, "passage")} of the label</span>
        </summary>
        <div className="mt-2">
          <Quotes group={group} from={from} />
        </div>
      </details>
    </section>
  );
}

/** A label writes its drug in any case; a name all in capitals is a shout only there. */
function Drug({ name }: { name: string }) {
  return <>{name === name.toUpperCase() ? name.toLowerCase() : name}</>;
}

function Quotes({ group, from }: Omit<GroupProps, "id">) {
  return byDocument(group.citations).map(({ first, quotes }) => (
    <figure key={first.documentId} className="grid gap-2 text-sm not-first:mt-3">
      <ul className="grid gap-1.5">
        {quotes.map((quote) => (
          <li key={placeKey(quote)} className="max-w-[70ch] whitespace-pre-line leading-normal">
            “{quote.quote}”{" "}
            <Link
              href={sourceHref(quote, from)}
              prefetch={false}
              className="text-ink-soft text-xs underline decoration-current/40 underline-offset-2 hover:decoration-current"
            >
              {placeOf(quote) || "Open"}
              <span className="sr-only"> in {quote.title}</span>
            </Link>
          </li>
        ))}
      </ul>
      <figcaption className="grid gap-1">
        <span className="text-ink-soft text-xs">{first.title}. The label may say more; open it to read all of it.</span>
        <SourceBadges source={asOfToday(first)} quotes={quotes} />
        <CitationNotes citation={first} />
      </figcaption>
    </figure>
  ));
}

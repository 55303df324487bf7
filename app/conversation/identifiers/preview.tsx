"use client";

import { ShieldAlert, ShieldCheck } from "lucide-react";
import { Fragment, useId } from "react";
import { counted } from "#app/conversation/labels.ts";
import { identifierTypes, summaryOf } from "#lib/phi/index.ts";
import type { TypedIdentifiers } from "./use-identifiers.ts";

/** What will become of the patient identifiers in a question that is being typed; nothing where there are none. */
export function IdentifierPreview({ identifiers }: { identifiers: TypedIdentifiers }) {
  const heading = useId();
  const { policy, found, sent, text, toggle, notIdentifiers } = identifiers;
  const isRefused = policy === "refuse";
  const Icon = isRefused ? ShieldAlert : ShieldCheck;
  return (
    <>
      <p role="status" className="sr-only">
        {spoken(identifiers)}
      </p>
      {found.length > 0 && (
        <section
          aria-labelledby={heading}
          className={`mx-2 mb-2 max-h-[30dvh] overflow-y-auto rounded-lg border px-3 py-2 text-sm ${isRefused ? "border-danger-line bg-danger-wash" : "border-line bg-panel"}`}
        >
          <h3 id={heading} className={`flex items-start gap-2 font-medium ${isRefused ? "text-danger" : ""}`}>
            <Icon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
            <span>{spoken(identifiers)}</span>
          </h3>
          <p className="mt-1.5 whitespace-pre-wrap break-words text-ink-soft">
            <span className="label-caps mr-2">{isRefused ? "Found" : "As it will be sent"}</span>
            {isRefused ? <Marked identifiers={identifiers} /> : <Placeholders text={sent.text} />}
          </p>
          {policy === "warn" && (
            <ul aria-label="What was found" className="mt-2 flex flex-wrap gap-1.5">
              {[...new Map(found.map((one) => [text.slice(one.start, one.end), one.type]))].map(([own, type]) => {
                const isLeft = notIdentifiers.includes(own);
                return (
                  <li key={own}>
                    <button
                      type="button"
                      aria-pressed={!isLeft}
                      aria-label={`Replace ${identifierTypes[type][0]}: ${own}`}
                      className={`rounded-md border px-2 py-1 text-xs ${isLeft ? "border-line text-ink-faint" : "border-line-strong bg-raised line-through"}`}
                      onClick={() => toggle(own)}
                    >
                      {own}
                    </button>
                  </li>
                );
              })}
            </ul>
          )}
        </section>
      )}
    </>
  );
}

/** In one sentence, for the eye and for a screen reader. */
function spoken({ policy, found, replaced }: TypedIdentifiers): string {
  if (found.length === 0) return "";
  if (policy === "refuse") {
    return `Your organisation takes no patient identifiers. Take out ${summaryOf(found)} before you ask.`;
  }
  if (replaced.length === 0) return "Nothing will be replaced: you marked what was found as no patient identifier.";
  return `${counted(replaced.length, "patient identifier")} will be replaced before the question is sent: ${summaryOf(replaced)}.`;
}

function Marked({ identifiers: { text, found } }: { identifiers: TypedIdentifiers }) {
  return (
    <>
      {found.map(({ start, end }, at) => (
        <Fragment key={start}>
          {text.slice(found[at - 1]?.end ?? 0, start)}
          <mark className="rounded-sm underline decoration-danger decoration-wavy underline-offset-4">
            {text.slice(start, end)}
          </mark>
        </Fragment>
      ))}
      {text.slice(found.at(-1)?.end ?? 0)}
    </>
  );
}

/** The text with its placeholders set off from its words. */
export function Placeholders({ text }: { text: string }) {
  return text.split(/(\[[A-Z]{2,8}-\d{1,4}\])/).map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, which have no other name
      <span key={at} className="rounded-sm bg-accent-wash px-1 font-medium text-accent-strong">
        {part}
      </span>
    ) : (
      part
    ),
  );
}

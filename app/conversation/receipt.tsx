import type { ReactNode } from "react";
import { Moment } from "#app/admin/when.tsx";
import type { ReceiptView } from "#lib/domain.ts";
import type { MarkerOrigin } from "./citation-marker.tsx";
import { counted } from "./labels.ts";
import { ReceiptPassage } from "./receipt-passage.tsx";
import { makerInWords, originInWords, timingsInWords, versionInWords } from "./receipt-words.ts";
import { understoodInWords } from "./understood.ts";

/** Everything an answer was made from, and what has become of it since. */
export function Receipt({ receipt, from }: { receipt: ReceiptView; from: MarkerOrigin }) {
  const { understanding, filters, passages, collections } = receipt;
  const understood = understoodInWords(receipt.question, understanding, filters);
  const origin = originInWords(receipt.origin);
  return (
    <div className="grid gap-5 text-sm">
      <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-[10rem_1fr]">
        <Fact name="Question">{receipt.question}</Fact>
        <Fact name="Asked">
          <Moment at={receipt.askedAt} />
        </Fact>
        <Fact name="Answer">
          {makerInWords(receipt)}
          {receipt.promptVersion && `, prompt version ${receipt.promptVersion}`}
          {receipt.tokensUsed !== null && `, ${counted(receipt.tokensUsed, "token")}`}
          {origin && <span className="block text-ink-soft">{origin}</span>}
        </Fact>
        <Fact name="Order of passages">
          {receipt.reranker ? `Ranked again by ${receipt.reranker}` : "As searched, no re-ranker"}
        </Fact>
        <Fact name="Searched for">
          {understanding?.searchText ?? receipt.question}
          {understood?.changes.map((change) => (
            <span key={change} className="block text-ink-soft">
              Read as: {change}
            </span>
          ))}
          {understood?.parts?.questions.map((part) => (
            <span key={part} className="block text-ink-soft">
              Part: {part}
            </span>
          ))}
        </Fact>
        <Fact name="Filters">{understood?.filters.length ? understood.filters.join(" · ") : "None"}</Fact>
        <Fact name="Collections">
          {collections.map((collection) => (
            <span key={collection.slug} className="block">
              {collection.title}
              <span className="tabular text-ink-soft"> – {versionInWords(collection)}</span>
            </span>
          ))}
        </Fact>
      </dl>
      <section aria-label="Passages">
        <h3 className="label-caps">{counted(passages.length, "passage")} supplied</h3>
        {passages.length === 0 && <p className="mt-1 text-ink-soft">Nothing found was near enough to be supplied.</p>}
        <ol className="mt-1 divide-y divide-line">
          {passages.map((passage) => (
            <ReceiptPassage key={passage.number} passage={passage} from={from} />
          ))}
        </ol>
      </section>
      <section aria-label="Timings">
        <h3 className="label-caps">Time taken</h3>
        <dl className="tabular mt-1 flex flex-wrap gap-x-6 gap-y-1">
          {timingsInWords(receipt.timings).map(({ label, duration }) => (
            <div key={label} className="flex gap-2">
              <dt className="text-ink-soft">{label}</dt>
              <dd>{duration}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="font-medium text-ink-soft">{name}</dt>
      <dd className="min-w-0 max-sm:mb-1.5">{children}</dd>
    </div>
  );
}

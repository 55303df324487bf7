import { GitCompareArrows } from "lucide-react";
import type { Contrast } from "#lib/domain.ts";
import type { MarkerOrigin } from "./citation-marker.tsx";
import { CitedQuote } from "./cited-quote.tsx";
import { placeKey } from "./sources.ts";

/** Sources that do not say the same, each in its own words beside the other; which is right is the reader's to judge. */
export function Contrasts({ contrasts, from }: { contrasts: Contrast[]; from: MarkerOrigin }) {
  return contrasts.map(({ about, sides }, index) => {
    const id = `contrast-${from.messageId}-${index}`;
    return (
      <section key={id} aria-labelledby={id} className="rounded-lg border border-line-strong/60 bg-panel/60 p-4">
        <h3 id={id} className="flex items-start gap-2 font-semibold text-sm leading-snug">
          <GitCompareArrows className="mt-px size-4 shrink-0 text-accent" aria-hidden="true" />
          Sources differ: {about}
        </h3>
        <p className="mt-0.5 text-ink-soft text-xs">Each is quoted as it stands. Look at the dates and open both.</p>
        <ul className="mt-3 grid gap-3 sm:grid-cols-[repeat(auto-fit,minmax(15rem,1fr))]">
          {sides.map(({ label, citation }) => (
            <li
              key={placeKey(citation)}
              className="grid content-start gap-1.5 rounded-md border border-line bg-raised p-3 text-sm"
            >
              <h4 className="label-caps">{label}</h4>
              <CitedQuote citation={citation} from={from} />
            </li>
          ))}
        </ul>
      </section>
    );
  });
}

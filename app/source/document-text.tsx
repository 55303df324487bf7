import type { DocumentView } from "#lib/domain.ts";
import { layoutText, type TextBlock, type TextRun } from "./layout-text.ts";
import { ShowQuote } from "./show-quote.tsx";

/** The document's own words by section, with the quote marked; text only, never markup of the source. */
export function DocumentText({
  document,
  quote,
}: {
  document: DocumentView;
  quote: { start: number; end: number } | null;
}) {
  const blocks = layoutText(document.text, document.sections, quote);
  return (
    <div className="mt-6 grid gap-6" lang={document.language === "en" ? undefined : document.language}>
      {blocks.map((block) => (
        <Block
          key={block.section ? `section-${block.sectionIndex}` : `text-${block.paragraphs[0]?.[0]?.start}`}
          block={block}
          quoteStart={quote?.start ?? null}
        />
      ))}
      {quote && <ShowQuote />}
    </div>
  );
}

function Block({ block, quoteStart }: { block: TextBlock; quoteStart: number | null }) {
  const { section, sectionIndex, paragraphs } = block;
  const body = paragraphs.map((runs) => <Paragraph key={runs[0]?.start} runs={runs} quoteStart={quoteStart} />);
  if (!section) return <div className="grid gap-3">{body}</div>;
  const boxed = section.boxed ? "rounded-md border-2 border-ink p-4" : "";
  return (
    <section
      id={`section-${sectionIndex}`}
      aria-label={section.label || undefined}
      className={`grid scroll-mt-20 gap-3 ${boxed}`}
    >
      {section.label !== "" && <Heading level={section.path.length} label={section.label} />}
      {body}
    </section>
  );
}

function Heading({ level, label }: { level: number; label: string }) {
  if (level <= 1) return <h2 className="font-semibold text-lg leading-snug">{label}</h2>;
  if (level === 2) return <h3 className="font-semibold leading-snug">{label}</h3>;
  return <h4 className="font-semibold text-ink-soft text-sm leading-snug">{label}</h4>;
}

function Paragraph({ runs, quoteStart }: { runs: TextRun[]; quoteStart: number | null }) {
  return (
    <p className="max-w-[72ch] whitespace-pre-line leading-[1.7]">
      {runs.map((run) =>
        run.marked ? (
          <mark
            key={run.start}
            // The first marked run is what "Go to the quote" leads to and what takes the focus.
            {...(run.start === quoteStart ? { id: "quote", tabIndex: -1 } : {})}
            className="scroll-mt-24"
          >
            {run.text}
          </mark>
        ) : (
          run.text
        ),
      )}
    </p>
  );
}

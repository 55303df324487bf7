import { Fragment, type ReactNode } from "react";
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
  const firstMark = blocks.flatMap((block) => block.paragraphs.flat()).find((run) => run.marked)?.start ?? null;
  return (
    <div className="mt-6 grid gap-6" lang={document.language === "en" ? undefined : document.language}>
      {blocks.map((block) => (
        <Block
          key={block.section ? `section-${block.sectionIndex}` : `text-${block.paragraphs[0]?.[0]?.start}`}
          block={block}
          firstMark={firstMark}
        />
      ))}
      {quote && <ShowQuote />}
    </div>
  );
}

function Block({ block, firstMark }: { block: TextBlock; firstMark: number | null }) {
  const { section, sectionIndex, headings, paragraphs } = block;
  const [first, ...rest] = paragraphs;
  const own = headings.at(-1);
  // Some formats keep the heading in the text as well: those words, with their mark, are then the heading.
  const repeats = first !== undefined && own !== undefined && sameWords(wordsOf(first), own.label);
  const body = repeats ? rest : paragraphs;
  const content = (
    <>
      {headings.map((heading) => (
        <Heading key={`${heading.level} ${heading.label}`} level={heading.level}>
          {heading === own && repeats ? <Runs runs={first} firstMark={firstMark} /> : heading.label}
        </Heading>
      ))}
      {body.map((runs) => (
        <p key={runs[0]?.start} className="max-w-[72ch] whitespace-pre-line leading-[1.7]">
          <Runs runs={runs} firstMark={firstMark} />
        </p>
      ))}
    </>
  );
  if (!section) return <div className="grid gap-3">{content}</div>;
  const boxed = section.boxed ? "max-w-[76ch] rounded-md border-2 border-ink p-4" : "";
  return (
    <section
      id={`section-${sectionIndex}`}
      aria-label={section.label || undefined}
      className={`grid scroll-mt-20 gap-3 ${boxed}`}
    >
      {section.boxed && <p className="label-caps">Boxed warning</p>}
      {content}
    </section>
  );
}

function Heading({ level, children }: { level: number; children: ReactNode }) {
  if (level <= 1) return <h2 className="font-semibold text-lg leading-snug">{children}</h2>;
  if (level === 2) return <h3 className="font-semibold leading-snug">{children}</h3>;
  return <h4 className="font-semibold text-ink-soft text-sm leading-snug">{children}</h4>;
}

function Runs({ runs, firstMark }: { runs: TextRun[]; firstMark: number | null }) {
  return runs.map((run) =>
    run.marked ? (
      <mark
        key={run.start}
        // The first marked run is what "Go to the quote" leads to and what takes the focus.
        {...(run.start === firstMark ? { id: "quote", tabIndex: -1 } : {})}
        className="scroll-mt-24"
      >
        {run.text}
      </mark>
    ) : (
      <Fragment key={run.start}>{run.text}</Fragment>
    ),
  );
}

function wordsOf(runs: TextRun[]): string {
  return runs.map((run) => run.text).join("");
}

function sameWords(left: string, right: string): boolean {
  const folded = (words: string) => words.replace(/\s+/g, " ").trim().toLowerCase();
  return folded(left) === folded(right);
}

import type { DocumentSection } from "#lib/domain.ts";
import { newHeadings, pathOf } from "./layout-text.ts";

export interface SectionNavigationProps {
  sections: DocumentSection[];
  /** Lead to the section's page instead of its text. */
  byPage: boolean;
}

/** The document's sections as links: a side column, folded away above the text on a narrow screen. */
export function SectionNavigation({ sections, byPage }: SectionNavigationProps) {
  const named = sections
    .map((section, index) => ({ section, index }))
    .filter(({ section }) => section.label !== "" && (!byPage || section.page !== null));
  if (named.length < 2) return <div className="hidden lg:block" />;
  const entries = named.flatMap(({ section, index }, position) => {
    const before = named[position - 1]?.section;
    return newHeadings(before ? pathOf(before) : [], pathOf(section)).map((heading) => ({ heading, section, index }));
  });
  const list = (
    <ul className="grid gap-px text-sm">
      {entries.map(({ heading, section, index }) => (
        <li key={`${index} ${heading.level}`}>
          <a
            href={byPage ? `#page-${section.page}` : `#section-${index}`}
            className={`flex gap-2 rounded px-2 py-1 leading-snug hover:bg-panel hover:text-accent-strong ${
              section.boxed ? "font-semibold text-danger" : heading.level > 1 ? "text-ink-faint" : "text-ink-soft"
            }`}
            style={{ paddingLeft: `${0.5 + Math.min(3, heading.level - 1) * 0.75}rem` }}
          >
            <span className="min-w-0 flex-1">{heading.label}</span>
            {byPage && <span className="tabular text-ink-faint text-xs leading-5">{section.page}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <nav
        aria-label="Sections"
        className="sticky top-14 hidden max-h-[calc(100dvh-3.5rem)] self-start overflow-y-auto pt-7 pb-6 lg:block"
      >
        <h2 className="label-caps px-2 pb-1.5">Sections</h2>
        {list}
      </nav>
      <details className="mt-4 rounded-lg border border-line lg:hidden">
        <summary className="px-3 py-2 font-medium text-sm">Sections</summary>
        <nav aria-label="Sections" className="max-h-[50dvh] overflow-y-auto px-1 pb-2">
          {list}
        </nav>
      </details>
    </>
  );
}

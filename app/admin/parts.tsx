import Link from "next/link";
import type { ReactNode } from "react";
import { textLink } from "#app/components/styles.ts";

export const headCell = "label-caps whitespace-nowrap px-3 py-2 text-left align-bottom first:pl-0 last:pr-0";
export const cell = "px-3 py-2.5 align-top first:pl-0 last:pr-0";
export const numberCell = `${cell} tabular whitespace-nowrap text-right`;
export const numberHead = `${headCell} text-right`;

/** A page of the administration: its heading, what stands beside that, and its parts. */
export function AdminPage({
  title,
  beside,
  children,
  above,
}: {
  title: ReactNode;
  beside?: ReactNode;
  above?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      {above}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="min-w-0 font-semibold text-2xl tracking-tight">{title}</h1>
        {beside}
      </div>
      {children}
    </>
  );
}

export function Back({ href, children }: { href: string; children: ReactNode }) {
  return (
    <p className="mb-2 text-sm">
      <Link href={href} className={textLink}>
        {children}
      </Link>
    </p>
  );
}

export function Section({
  id,
  title,
  beside,
  children,
}: {
  id: string;
  title: string;
  beside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="mt-9">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-line border-b pb-2">
        <h2 id={id} className="font-semibold text-lg tracking-tight">
          {title}
        </h2>
        {beside}
      </div>
      <div className="pt-3">{children}</div>
    </section>
  );
}

/** A wide table that scrolls inside its own frame; the frame takes the keyboard's focus, so that arrows scroll it. */
export function WideTable({ label, children, tall = false }: { label: string; children: ReactNode; tall?: boolean }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
      tabIndex={0}
      className={`overflow-x-auto ${tall ? "max-h-96 overflow-y-auto" : ""}`}
    >
      <table className="w-full border-collapse text-sm">{children}</table>
    </section>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="tabular mt-4 grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-3 lg:grid-cols-4">{children}</dl>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="label-caps">{name}</dt>
      <dd className="mt-0.5 font-medium">{children}</dd>
    </div>
  );
}

export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-md bg-danger-wash px-3 py-2 text-danger text-sm empty:hidden">
      {children}
    </p>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="py-3 text-ink-soft text-sm">{children}</p>;
}

/** Earlier and later pages of a list that is read by offset. */
export function Pager({
  total,
  limit,
  offset,
  hrefOf,
}: {
  total: number;
  limit: number;
  offset: number;
  hrefOf: (offset: number) => string;
}) {
  if (total <= limit && offset === 0) return null;
  const last = Math.min(total, offset + limit);
  return (
    <nav aria-label="Pages" className="tabular mt-4 flex flex-wrap items-center gap-4 text-ink-soft text-sm">
      <span>
        {total === 0 ? 0 : offset + 1}–{last} of {total.toLocaleString("en-GB")}
      </span>
      {offset > 0 && (
        <Link href={hrefOf(Math.max(0, offset - limit))} className={textLink}>
          Newer
        </Link>
      )}
      {last < total && (
        <Link href={hrefOf(offset + limit)} className={textLink}>
          Older
        </Link>
      )}
    </nav>
  );
}

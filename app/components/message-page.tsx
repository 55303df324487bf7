import Link from "next/link";
import type { ReactNode } from "react";
import { Wordmark } from "./wordmark.tsx";

/** A whole page that only says something: not found, failed. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="px-5 py-4">
        <Link href="/" className="inline-block" aria-label="Probatum, home">
          <Wordmark />
        </Link>
      </header>
      <main id="main" className="mx-auto w-full max-w-xl px-5 pt-[14vh] pb-16">
        <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
        <div className="mt-3 grid gap-5 text-ink-soft">{children}</div>
      </main>
    </div>
  );
}

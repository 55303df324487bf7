import Link from "next/link";
import type { ReactNode } from "react";
import { Wordmark } from "./wordmark.tsx";

/** Says something instead of what was asked for: not found, failed. */
export function Message({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-xl px-5 pt-[14vh] pb-16">
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      <div className="mt-3 grid gap-5 text-ink-soft">{children}</div>
    </div>
  );
}

/** A message as a whole page, where there is no other frame. */
export function MessagePage({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="px-5 py-4">
        <Link href="/" className="inline-block" aria-label="Probatum, home">
          <Wordmark />
        </Link>
      </header>
      <main id="main">{children}</main>
    </div>
  );
}

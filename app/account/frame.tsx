import Link from "next/link";
import type { ReactNode } from "react";
import { ThemeMenu } from "#app/components/theme-menu.tsx";
import { Wordmark } from "#app/components/wordmark.tsx";

/** The page around everything about signing in and one's own account. */
export function AccountFrame({
  title,
  wide = false,
  children,
}: {
  title: string;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] bg-panel">
      <header className="flex items-center justify-between px-5 py-4">
        <Link href="/" className="inline-block" aria-label="Probatum, home">
          <Wordmark />
        </Link>
        <ThemeMenu />
      </header>
      <main id="main" className={`mx-auto w-full ${wide ? "max-w-2xl pt-6" : "max-w-sm pt-[9vh]"} px-5 pb-16`}>
        <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
        {children}
      </main>
    </div>
  );
}

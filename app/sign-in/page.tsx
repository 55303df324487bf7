import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { safePath } from "#app/components/safe-path.ts";
import { ThemeMenu } from "#app/components/theme-menu.tsx";
import { Wordmark } from "#app/components/wordmark.tsx";
import { findSession, readSession } from "#lib/auth/index.ts";
import { getDeps } from "#lib/deps.ts";
import { Returned } from "./returned.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { SingleSignOn } from "./single-sign-on.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { next: wanted, error } = await searchParams;
  const next = safePath(wanted);
  const deps = await getDeps();
  if (await findSession(deps, await headers())) redirect(next);
  const isNowhere = (await readSession(deps, await headers())) !== null;
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto] bg-panel">
      <header className="flex items-center justify-between px-5 py-4">
        <Wordmark />
        <ThemeMenu />
      </header>
      <main id="main" className="mx-auto w-full max-w-sm px-5 pt-[9vh] pb-12">
        <h1 className="font-semibold text-2xl tracking-tight">Sign in</h1>
        <p className="mt-1.5 text-ink-soft text-sm">Answers from the literature, every sentence with its source.</p>
        {isNowhere && (
          <p role="status" className="mt-4 text-sm">
            You are signed in, but may act in no organisation this way. Yours may ask you to sign in through its own
            identity provider.
          </p>
        )}
        <Returned error={error} />
        <SignInForm next={next} />
        <SingleSignOn next={next} />
      </main>
      <footer className="px-5 py-4 text-center text-ink-faint text-xs">
        Probatum quotes evidence; it does not diagnose. Check the source before acting.
      </footer>
    </div>
  );
}

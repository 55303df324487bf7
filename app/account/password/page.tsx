import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { findSession } from "#lib/auth/index.ts";
import { getDeps } from "#lib/deps.ts";
import { AccountFrame } from "../frame.tsx";
import { PasswordForm } from "../password-form.tsx";

export const metadata: Metadata = { title: "A password of your own" };

/** Where those who come with a printed password begin. */
export default async function OwnPasswordPage() {
  const session = await findSession(await getDeps(), await headers());
  if (!session) redirect("/sign-in?next=/account/password");
  if (!session.passwordGenerated) redirect("/account");
  return (
    <AccountFrame title="A password of your own">
      <p className="mt-1.5 text-ink-soft text-sm">
        The password you came with was printed where others may have seen it. Choose one that only you know.
      </p>
      <div className="mt-6">
        <PasswordForm goOn="/" />
      </div>
    </AccountFrame>
  );
}

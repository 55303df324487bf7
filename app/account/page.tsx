import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { findSession, firstStepOf, listPasskeys, listSessions, signInWaysOf } from "#lib/auth/index.ts";
import { getDeps } from "#lib/deps.ts";
import { AccountFrame } from "./frame.tsx";
import { PasskeyList } from "./passkey-list.tsx";
import { PasswordForm } from "./password-form.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { SecondFactorRequired } from "./second-factor-required.tsx";
import { Section } from "./section.tsx";
import { SessionList } from "./session-list.tsx";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage() {
  const deps = await getDeps();
  const session = await findSession(deps, await headers());
  if (!session) redirect("/sign-in?next=/account");
  const step = firstStepOf(deps.env, session);
  if (step === "password") redirect("/account/password");
  const { viewer } = session;
  const [ways, passkeys, sessions] = await Promise.all([
    signInWaysOf(deps, viewer),
    listPasskeys(deps, viewer),
    listSessions(deps, session),
  ]);
  return (
    <AccountFrame title="Your account" wide>
      <p className="mt-1.5 break-words text-ink-soft text-sm">
        {viewer.name}, {viewer.email}
      </p>
      {step === "second-factor" && <SecondFactorRequired hasPasskey={passkeys.length > 0} />}
      {ways.hasPassword && (
        <Section title="Password">
          {session.passwordGenerated && (
            <p className="text-sm">You sign in with a password that Probatum made. Choose one of your own.</p>
          )}
          <PasswordForm />
        </Section>
      )}
      {ways.hasPassword && (
        <Section title="Second factor">
          <SecondFactor isOn={ways.secondFactor} />
        </Section>
      )}
      <Section title="Passkeys">
        <PasskeyList passkeys={passkeys} asksPassword={ways.hasPassword} />
      </Section>
      <Section title="Where you are signed in">
        <SessionList sessions={sessions} />
      </Section>
    </AccountFrame>
  );
}

import type { Metadata } from "next";
import { getDeps } from "#lib/deps.ts";
import { AccountFrame } from "../frame.tsx";
import { ForgottenForm } from "./forgotten-form.tsx";

export const metadata: Metadata = { title: "Forgotten password" };

export default async function ForgottenPage() {
  const { mailer } = await getDeps();
  return (
    <AccountFrame title="Forgotten password">
      {mailer.kind === "none" ? (
        <p className="mt-3 text-ink-soft text-sm">
          This Probatum sends no mail. Ask whoever runs it for a new password: they make one with{" "}
          <code className="break-words">npm run user -- password &lt;your e-mail&gt;</code>.
        </p>
      ) : (
        <ForgottenForm isMailbox={mailer.kind === "mailbox"} />
      )}
    </AccountFrame>
  );
}

"use client";

import Link from "next/link";
import { useState } from "react";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button, textLink } from "#app/components/styles.ts";
import { Problem } from "../fields.tsx";
import { useLinkSecret } from "../read-secret.ts";

/** By a press of a button: programs that follow the links of mails confirm nothing. */
export function VerifyForm() {
  const token = useLinkSecret();
  const { busy, problem, act } = useAction();
  const [isDone, setDone] = useState(false);
  const confirm = async () => setDone(await act(() => send("POST", "/api/account/verify", { token })));

  return (
    <div className="mt-5 grid gap-4 text-sm">
      {!isDone && (
        <button type="button" className={button.primary} disabled={!token || busy} onClick={confirm}>
          This address is mine
        </button>
      )}
      <Problem>{token === "" ? "This link is not whole. Open it from the mail once more." : problem}</Problem>
      <p role="status">{isDone && "Thank you: your address is confirmed."}</p>
      <p>
        <Link href="/sign-in" className={textLink}>
          Sign in
        </Link>
      </p>
    </div>
  );
}

"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { askPasskey, hasPasskeys, isDeclined } from "#app/account/webauthn.ts";
import { messageOf, send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

interface PasskeyButtonProps {
  onRight: () => void;
  onProblem: (problem: string | null) => void;
}

export function PasskeyButton({ onRight, onProblem }: PasskeyButtonProps) {
  const isHydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  if (!isHydrated || !hasPasskeys()) return null;

  async function signIn() {
    setBusy(true);
    onProblem(null);
    try {
      const options = await send<PublicKeyCredentialRequestOptionsJSON>(
        "GET",
        "/api/auth/passkey/generate-authenticate-options",
      );
      await send("POST", "/api/auth/passkey/verify-authentication", { response: await askPasskey(options) });
      return onRight();
    } catch (error) {
      if (!isDeclined(error)) onProblem(messageOf(error));
    }
    setBusy(false);
  }

  return (
    <button type="button" className={`${button.secondary} mt-3 w-full`} disabled={busy} onClick={signIn}>
      <KeyRound className="size-4" aria-hidden="true" /> Use a passkey
    </button>
  );
}

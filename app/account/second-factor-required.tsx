"use client";

import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { Problem } from "./fields.tsx";

/** Why nothing but this page opens, and the way out of it: to enrol here, or to come again with what one has. */
export function SecondFactorRequired({ hasPasskey }: { hasPasskey: boolean }) {
  const isReady = useHydrated();
  const { busy, problem, act } = useAction();
  const signOut = async () => {
    if (await act(() => send("POST", "/api/auth/sign-out", {}))) window.location.assign("/sign-in");
  };

  return (
    <section
      aria-label="A second factor is required"
      className="mt-6 grid gap-3 rounded-lg border border-caution-line bg-caution-wash p-4 text-sm sm:p-5"
    >
      <p role="status">
        <strong className="font-semibold">Your organisation requires a second factor.</strong> You signed in with your
        password alone, so nothing but this page opens.{" "}
        {hasPasskey
          ? "Sign out and sign in with your passkey, or turn on a second factor below."
          : "Turn on a second factor or add a passkey below, and everything opens again."}
      </p>
      <div>
        <button type="button" className={button.secondary} disabled={!isReady || busy} onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
      <Problem>{problem}</Problem>
    </section>
  );
}

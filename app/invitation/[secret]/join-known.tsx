"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { JoinButton } from "#app/components/join-button.tsx";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";

/** Whoever has an account joins with it. */
export function JoinKnown({ secret, isSignedIn }: { secret: string; isSignedIn: boolean }) {
  const path = usePathname();
  if (isSignedIn) {
    return <JoinButton join={() => send("POST", "/api/invitations/accept", { secret }).then(() => "/")} />;
  }
  return (
    <div className="mt-6 grid justify-items-start gap-3">
      <p className="text-ink-soft">You have an account of this address already. Sign in, and you come back here.</p>
      <Link href={`/sign-in?next=${encodeURIComponent(path)}`} className={button.primary}>
        Sign in
      </Link>
    </div>
  );
}

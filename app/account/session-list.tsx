"use client";

import { useRouter } from "next/navigation";
import { useAction } from "#app/admin/use-action.ts";
import { When } from "#app/admin/when.tsx";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import type { SessionView } from "#lib/auth/index.ts";
import { Problem } from "./fields.tsx";

const address = "/api/account/sessions";

export function SessionList({ sessions }: { sessions: SessionView[] }) {
  const router = useRouter();
  const isReady = useHydrated();
  const { busy, problem, act } = useAction();
  const end = async (path: string) => {
    await act(() => send("DELETE", path));
    router.refresh();
  };

  return (
    <>
      <ul className="grid gap-3">
        {sessions.map(({ id, device, address: from, lastSeenAt, isThis }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-2 text-sm">
            <span>
              <span className="font-medium">{device}</span>{" "}
              <span className="text-ink-faint text-xs">
                {from ? `from ${from}, ` : ""}
                {isThis ? "this session" : "last used "}
                {!isThis && <When at={lastSeenAt} />}
              </span>
            </span>
            {!isThis && (
              <button
                type="button"
                className={button.secondary}
                disabled={!isReady || busy}
                aria-label={`Sign out ${device}`}
                onClick={() => end(`${address}/${id}`)}
              >
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      <Problem>{problem}</Problem>
      {sessions.length > 1 && (
        <div>
          <button type="button" className={button.danger} disabled={!isReady || busy} onClick={() => end(address)}>
            Sign out everywhere else
          </button>
        </div>
      )}
    </>
  );
}

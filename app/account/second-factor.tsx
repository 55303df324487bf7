"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import type { SecondFactorStart } from "#lib/auth/index.ts";
import { BackupCodes } from "./backup-codes.tsx";
import { Field, Problem } from "./fields.tsx";
import { WithPassword } from "./with-password.tsx";

const address = "/api/account/second-factor";

export function SecondFactor({ isOn }: { isOn: boolean }) {
  const router = useRouter();
  const [start, setStart] = useState<SecondFactorStart | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);

  if (start) {
    const confirmed = () => {
      setCodes(start.backupCodes);
      setStart(null);
      router.refresh();
    };
    return <Confirm start={start} onDone={confirmed} onCancel={() => setStart(null)} />;
  }
  return (
    <>
      <p className="text-ink-soft text-sm">
        {isOn
          ? "On: after your password you are asked for a code of your authenticator application."
          : "Off. With it on, your password alone opens nothing: a code of an authenticator application is asked for too."}
      </p>
      {codes && <BackupCodes codes={codes} />}
      {isOn ? (
        <div className="flex flex-wrap gap-2">
          <WithPassword
            key="codes"
            label="New backup codes"
            confirm="Make new codes"
            onConfirm={async ({ password }) => {
              const renewed = await send<{ backupCodes: string[] }>("POST", `${address}/codes`, { password });
              setCodes(renewed.backupCodes);
            }}
          />
          <WithPassword
            key="off"
            label="Turn off"
            confirm="Turn the second factor off"
            look="danger"
            onConfirm={async ({ password }) => {
              await send("DELETE", address, { password });
              setCodes(null);
              router.refresh();
            }}
          />
        </div>
      ) : (
        <WithPassword
          key="on"
          label="Turn on"
          confirm="Go on"
          onConfirm={async ({ password }) => setStart(await send<SecondFactorStart>("POST", address, { password }))}
        />
      )}
    </>
  );
}

function Confirm(props: { start: SecondFactorStart; onDone: () => void; onCancel: () => void }) {
  const { start, onDone, onCancel } = props;
  const { busy, problem, act } = useAction();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = new FormData(event.currentTarget).get("code");
    if (await act(() => send("PUT", address, { code }))) onDone();
  }

  return (
    <form method="post" aria-label="Turn on" onSubmit={submit} className="grid gap-4 text-sm">
      <p>Take this picture with your authenticator application, or type the key, then give the code it shows.</p>
      {/* On white in the dark too: cameras want the contrast. */}
      {/* biome-ignore lint/performance/noImgElement: it is made here and fetched from nowhere */}
      <img
        alt="QR code for an authenticator application"
        src={`data:image/svg+xml;utf8,${encodeURIComponent(start.picture)}`}
        className="size-44 rounded-md bg-white p-2"
      />
      <p className="break-all">
        Key: <code>{start.secret}</code>
      </p>
      <Field label="Code" name="code" autoComplete="one-time-code" inputMode="numeric" autoFocus />
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className={button.primary} disabled={busy}>
          Turn the second factor on
        </button>
        <button type="button" className={button.quiet} onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmButton } from "#app/admin/confirm-button.tsx";
import { Moment } from "#app/admin/when.tsx";
import { RequestError, send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import type { PasskeyView } from "#lib/auth/index.ts";
import { Field } from "./fields.tsx";
import { RenamePasskey } from "./rename-passkey.tsx";
import { hasPasskeys, isDeclined, makePasskey } from "./webauthn.ts";
import { WithPassword } from "./with-password.tsx";

const address = "/api/account/passkeys";

export function PasskeyList({ passkeys, asksPassword }: { passkeys: PasskeyView[]; asksPassword: boolean }) {
  const router = useRouter();
  const isReady = useHydrated();
  const [renamed, setRenamed] = useState<string | null>(null);

  async function add({ name, password }: Record<string, FormDataEntryValue>) {
    const options = await send<PublicKeyCredentialCreationOptionsJSON>("POST", `${address}/start`, { password });
    const response = await makePasskey(options).catch((error: unknown) => {
      throw isDeclined(error)
        ? new RequestError(0, "The browser made no passkey. Try again.", { cause: error })
        : error;
    });
    await send("POST", address, { name, response });
    router.refresh();
  }

  return (
    <>
      <p className="text-ink-soft text-sm">
        A passkey is kept by your device, which asks for your finger, face or PIN. It signs you in without a password.
      </p>
      {passkeys.length > 0 && (
        <ul className="grid gap-3">
          {passkeys.map(({ id, name, isSynced, addedAt }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-2 text-sm">
              {renamed === id ? (
                <RenamePasskey id={id} name={name} onDone={() => setRenamed(null)} />
              ) : (
                <>
                  <span className="min-w-0 break-words">
                    <span className="font-medium">{name}</span>{" "}
                    <span className="text-ink-faint text-xs">
                      {isSynced ? "on several devices" : "on one device"}, since <Moment at={addedAt} />
                    </span>
                  </span>
                  <span className="flex gap-2">
                    <button
                      type="button"
                      className={button.quiet}
                      aria-label={`Rename ${name}`}
                      onClick={() => setRenamed(id)}
                    >
                      Rename
                    </button>
                    <ConfirmButton
                      label={`Remove ${name}`}
                      title={`Remove “${name}”?`}
                      description="It signs you in no more. The device may still offer it."
                      confirm="Remove"
                      grave
                      onConfirm={async () => {
                        await send("DELETE", `${address}/${id}`);
                        router.refresh();
                      }}
                    >
                      Remove
                    </ConfirmButton>
                  </span>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {isReady && !hasPasskeys() ? (
        <p className="text-sm">This browser cannot make passkeys.</p>
      ) : (
        <WithPassword label="Add a passkey" confirm="Make the passkey" asks={asksPassword} onConfirm={add}>
          <Field label="Name" name="name" autoComplete="off" hint="Such as the device it is on." />
        </WithPassword>
      )}
    </>
  );
}

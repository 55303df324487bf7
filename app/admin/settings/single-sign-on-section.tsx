"use client";

import { type FormEvent, useState } from "react";
import { ConfirmButton } from "#app/admin/confirm-button.tsx";
import { Problem, Section } from "#app/admin/parts.tsx";
import { roleLabels } from "#app/admin/people/role-select.tsx";
import { useAction } from "#app/admin/use-action.ts";
import { Badge } from "#app/components/badges.tsx";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import type { SingleSignOnView } from "#lib/auth/sso/index.ts";
import { AddProvider } from "./add-provider.tsx";

const address = "/api/admin/settings/single-sign-on";

/** Domains, identity providers, and whether nothing else opens the organisation. */
export function SingleSignOnSection({ initial }: { initial: SingleSignOnView }) {
  const hydrated = useHydrated();
  const [view, setView] = useState(initial);
  const [told, setTold] = useState("");
  const { busy, problem, act } = useAction();

  const deed = (method: string, path: string, body: unknown, words: string) =>
    act(async () => {
      setTold("");
      await send(method, `${address}${path}`, body);
      setView({ ...(await send<Omit<SingleSignOnView, "only">>("GET", address)), only: view.only });
      setTold(words);
    });
  async function submit(event: FormEvent<HTMLFormElement>, path: string, words: string) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = Object.fromEntries(new FormData(form));
    if (await deed("POST", path, fields, words)) form.reset();
  }
  const setOnly = (only: boolean) =>
    act(async () => {
      await send("PATCH", "/api/admin/settings", { singleSignOnOnly: only });
      setView({ ...view, only });
    });

  return (
    <Section id="single-sign-on" title="Single sign-on">
      <p className="max-w-[65ch] text-ink-soft text-sm">
        People with an address of a verified domain come by your own identity provider. Who comes for the first time
        joins in the provider’s role.
      </p>
      <ul aria-label="Domains" className="mt-3 grid gap-2">
        {view.domains.map(({ domain, verified, record }) => (
          <li key={domain} className="flex flex-wrap items-center gap-2 text-sm">
            <span className="font-medium">{domain}</span>
            {verified ? <Badge>Verified</Badge> : <Badge tone="caution">Not verified</Badge>}
            {!verified && (
              <>
                <code className="break-all text-xs">{record}</code>
                <button
                  type="button"
                  className={button.secondary}
                  disabled={busy}
                  aria-label={`Verify ${domain}`}
                  onClick={() => void deed("PUT", "/domains", { domain }, "Verified.")}
                >
                  Verify
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
      <form
        aria-label="Add a domain"
        className="mt-3 flex flex-wrap items-end gap-3"
        onSubmit={(event) => void submit(event, "/domains", "Added. Write the record, then verify.")}
      >
        <label className="grid min-w-56 gap-1.5 font-medium text-sm">
          Domain
          <input className={field} name="domain" required placeholder="clinic.example.org" />
        </label>
        <button type="submit" className={button.secondary} disabled={!hydrated || busy}>
          Add the domain
        </button>
      </form>
      <ul aria-label="Identity providers" className="mt-5 grid gap-3">
        {view.providers.map(({ id, issuer, kind, defaultRole, callback, entityId }) => (
          <li key={id} className="flex flex-wrap items-center gap-2 text-sm">
            <span className="break-all font-medium">{issuer}</span>
            <span className="text-ink-soft">new people join as {roleLabels[defaultRole].toLowerCase()}</span>
            <Badge>{kind === "saml" ? "SAML" : "OpenID Connect"}</Badge>
            {entityId && <code className="break-all text-xs">{entityId}</code>}
            <code className="break-all text-xs">{callback}</code>
            <button
              type="button"
              className={button.secondary}
              disabled={busy}
              aria-label={`Test ${issuer}`}
              onClick={() => void deed("POST", `/${id}`, undefined, "The provider answers as it should.")}
            >
              Test
            </button>
            <ConfirmButton
              label={`Remove ${issuer}`}
              title="Remove this identity provider?"
              description="Whoever came by it is signed out at once."
              confirm="Remove"
              grave
              onConfirm={async () => void (await deed("DELETE", `/${id}`, undefined, "Removed."))}
            >
              Remove
            </ConfirmButton>
          </li>
        ))}
      </ul>
      <AddProvider
        key={view.providers.length}
        nextSaml={view.nextSaml}
        disabled={!hydrated || busy}
        onSubmit={(event) => void submit(event, "", "Added. What to tell the provider of us stands beside it.")}
      />
      <label className="mt-5 flex items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={view.only}
          disabled={!hydrated || busy}
          onChange={(event) => void setOnly(event.target.checked)}
        />
        Only single sign-on: passwords and passkeys open nothing but an owner’s way in, which is on record
      </label>
      <div className="mt-2">
        <Problem>{problem}</Problem>
        <p role="status" className="text-ink-soft text-sm">
          {told}
        </p>
      </div>
    </Section>
  );
}

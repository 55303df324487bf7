import { type FormEvent, useState } from "react";
import { roleLabels } from "#app/admin/people/role-select.tsx";
import { button, field } from "#app/components/styles.ts";
import { roles } from "#lib/auth/permissions.ts";
import type { SingleSignOnView } from "#lib/auth/sso/index.ts";

export interface AddProviderProps {
  nextSaml: SingleSignOnView["nextSaml"];
  disabled: boolean;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
}

/** An identity provider by OpenID Connect, or by SAML, which has to be told of us first. */
export function AddProvider({ nextSaml, disabled, onSubmit }: AddProviderProps) {
  const [kind, setKind] = useState<"oidc" | "saml">("oidc");
  return (
    <form
      aria-label="Add an identity provider"
      className="mt-3 grid max-w-2xl gap-3 sm:grid-cols-2"
      onSubmit={onSubmit}
    >
      <label className="grid gap-1.5 font-medium text-sm">
        Kind
        <select
          className={field}
          name="kind"
          value={kind}
          disabled={disabled}
          onChange={({ target }) => setKind(target.value === "saml" ? "saml" : "oidc")}
        >
          <option value="oidc">OpenID Connect</option>
          <option value="saml">SAML 2.0</option>
        </select>
      </label>
      <label className="grid gap-1.5 font-medium text-sm">
        Role of new people
        <select className={field} name="defaultRole" defaultValue="reader">
          {roles
            .filter((role) => role !== "owner")
            .map((role) => (
              <option key={role} value={role}>
                {roleLabels[role]}
              </option>
            ))}
        </select>
      </label>
      {kind === "oidc" ? <OpenIdFields /> : <SamlFields nextSaml={nextSaml} />}
      <button type="submit" className={`${button.secondary} justify-self-start sm:col-span-2`} disabled={disabled}>
        Add the provider
      </button>
    </form>
  );
}

function OpenIdFields() {
  return (
    <>
      <Field label="Issuer" name="issuer" type="url" required />
      <Field label="Client id" name="clientId" required />
      <Field label="Client secret" name="clientSecret" type="password" required />
    </>
  );
}

function SamlFields({ nextSaml }: Pick<AddProviderProps, "nextSaml">) {
  const [byHand, setByHand] = useState(false);
  return (
    <>
      <div className="text-sm sm:col-span-2">
        <p className="max-w-[65ch] text-ink-soft">
          Write these two down at your provider first, and have it sign its assertions with SHA-256 and send the e-mail
          address as an attribute. People begin here, not at the provider.
        </p>
        <dl className="mt-2 grid gap-x-3 gap-y-1 sm:grid-cols-[auto_1fr]">
          <dt className="font-medium">Our entity id</dt>
          <dd>
            <code className="break-all text-xs">{nextSaml.entityId}</code>
          </dd>
          <dt className="font-medium">Our ACS address</dt>
          <dd>
            <code className="break-all text-xs">{nextSaml.acs}</code>
          </dd>
        </dl>
      </div>
      {byHand ? (
        <>
          <Field label="The provider’s entity id" name="entityId" required />
          <Field label="Sign-in address" name="signInAddress" type="url" required />
          <Area label="Signing certificate" name="certificate" placeholder="-----BEGIN CERTIFICATE-----" />
        </>
      ) : (
        <Area label="The provider’s metadata" name="metadata" placeholder="<EntityDescriptor …>" />
      )}
      <label className="flex items-center gap-2.5 text-sm sm:col-span-2">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={byHand}
          onChange={({ target }) => setByHand(target.checked)}
        />
        There is no metadata: entity id, address and certificate by hand
      </label>
      <Field label="Attribute with the e-mail address (if not “email”)" name="emailAttribute" />
    </>
  );
}

interface FieldProps {
  label: string;
  name: string;
  type?: string;
  required?: boolean;
}

function Field({ label, name, type = "text", required = false }: FieldProps) {
  return (
    <label className="grid content-end gap-1.5 font-medium text-sm">
      {label}
      <input className={field} name={name} type={type} required={required} autoComplete="off" />
    </label>
  );
}

function Area({ label, name, placeholder }: { label: string; name: string; placeholder: string }) {
  return (
    <label className="grid gap-1.5 font-medium text-sm sm:col-span-2">
      {label}
      <textarea
        className={`${field} min-h-32 font-mono text-xs`}
        name={name}
        required
        spellCheck={false}
        placeholder={placeholder}
      />
    </label>
  );
}

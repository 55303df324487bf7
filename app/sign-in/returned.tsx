/** Why an identity provider sent somebody back here: by codes of our own; no words of an address are shown. */
export function Returned({ error }: { error: string | string[] | undefined }) {
  if (error === undefined) return null;
  const told = typeof error === "string" && words.has(error) ? words.get(error) : other;
  return (
    <p role="alert" className="mt-4 text-danger text-sm">
      {told}
    </p>
  );
}

const other =
  "Signing in through your organisation did not work. Begin again here; if it happens again, tell your administrator.";

const words = new Map([
  ["sso_domain", "Your organisation’s identity provider does not vouch for this address."],
  [
    "sso_account",
    "There is an account of this address that your organisation’s identity provider does not vouch for. Ask an administrator.",
  ],
  ["sso_member", "You do not belong to this organisation any more. Ask an administrator to invite you."],
  ["browser", "Begin here, in this browser: an answer to nothing that was asked from it opens nothing."],
  ["expired", "Your organisation’s answer came too late. Begin again."],
]);

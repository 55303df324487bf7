import type { AuthContext } from "better-auth";

type Challenges = Pick<AuthContext, "internalAdapter" | "createAuthCookie" | "authCookies">;

/**
 * Whose second factor a request is about to show: the person whose password was right, by the cookie that names the
 * challenge. The cookie's signature is better-auth's to check; the name in it cannot be guessed.
 */
export async function readChallenge(context: Challenges, headers: Headers): Promise<string | null> {
  const { name } = context.createAuthCookie("two_factor");
  const value = cookiesIn(headers).find((cookie) => cookie.name === name)?.value;
  if (!value) return null;
  const identifier = decode(value).replace(/\.[^.]*$/, "");
  if (!identifier.startsWith("2fa-")) return null;
  const found = await context.internalAdapter.findVerificationValue(identifier);
  return found && new Date(found.expiresAt) > new Date() ? found.value : null;
}

/** A request's headers without its session: a second factor completes a sign-in, whoever is signed in besides. */
export function withoutSession(context: Challenges, headers: Headers): Headers {
  const kept = cookiesIn(headers).filter(({ name }) => name !== context.authCookies.sessionToken.name);
  const changed = new Headers(headers);
  changed.set("cookie", kept.map(({ name, value }) => `${name}=${value}`).join("; "));
  return changed;
}

function cookiesIn(headers: Headers): { name: string; value: string }[] {
  return (headers.get("cookie") ?? "").split(/;\s*/).map((cookie) => {
    const at = cookie.indexOf("=");
    return { name: cookie.slice(0, at), value: cookie.slice(at + 1) };
  });
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

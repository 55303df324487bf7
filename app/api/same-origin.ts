import type { Env } from "#lib/env.ts";
import { ForbiddenError } from "#lib/errors.ts";

export type OriginSettings = Partial<Pick<Env, "PUBLIC_URL" | "TRUST_PROXY">>;

/**
 * Refuses a write that a page of another site had the browser send. Browsers name the sender in `Sec-Fetch-Site` and
 * `Origin`: each that is there must be ours. A program sends neither and carries no one's cookies by accident, so it may
 * pass. Our own origin is `PUBLIC_URL`; without one it is the host that was asked, which the front door has checked.
 * Throws ForbiddenError (403).
 */
export function requireSameOrigin(request: Request, settings: OriginSettings = {}): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const isOurs =
    (site === null || site === "same-origin") && (origin === null || isOwnOrigin(origin, request, settings));
  if (!isOurs) throw new ForbiddenError("This request came from another site.");
}

function isOwnOrigin(origin: string, request: Request, { PUBLIC_URL, TRUST_PROXY }: OriginSettings): boolean {
  if (!URL.canParse(origin)) return false;
  if (PUBLIC_URL) return new URL(origin).origin === new URL(PUBLIC_URL).origin;
  const { headers } = request;
  // A header that any client can send counts only where a proxy of ours is known to set it.
  const forwarded = TRUST_PROXY === "on" ? headers.get("x-forwarded-host") : null;
  const host = forwarded ?? headers.get("host") ?? new URL(request.url).host;
  return new URL(origin).host === host.toLowerCase();
}

import { ForbiddenError } from "#lib/errors.ts";

/**
 * Refuses a write that a page of another site had the browser send. Browsers name the sender in `Sec-Fetch-Site` or
 * `Origin`; a program sends neither and carries no one's cookies by accident, so it may pass.
 * Throws ForbiddenError (403).
 */
export function requireSameOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const allowed = site === null ? origin === null || isOwnOrigin(origin, request) : site === "same-origin";
  if (!allowed) throw new ForbiddenError("This request came from another site.");
}

function isOwnOrigin(origin: string, request: Request): boolean {
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  return URL.canParse(origin) && host !== null && new URL(origin).host === host;
}

import type { Env } from "#lib/env.ts";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether the server may be asked under this `Host`: PUBLIC_URL's, one of ALLOWED_HOSTS, HOST, or this machine itself. */
export function isAllowedHost(
  host: string | undefined,
  { PUBLIC_URL, ALLOWED_HOSTS, HOST }: Pick<Env, "PUBLIC_URL" | "ALLOWED_HOSTS" | "HOST">,
): boolean {
  const asked = host?.toLowerCase() ?? "";
  const name = /^((?:[a-z0-9_.-]+)|(?:\[[0-9a-f:.]+\]))(?::\d{1,5})?$/.exec(asked)?.[1];
  if (!name) return false;
  if (loopback.has(name) || name === HOST.toLowerCase()) return true;
  if (ALLOWED_HOSTS.includes(name) || ALLOWED_HOSTS.includes(asked)) return true;
  return PUBLIC_URL !== undefined && new URL(PUBLIC_URL).host === asked.replace(/:(?:80|443)$/, "");
}

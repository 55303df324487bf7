import type { Env } from "../env.ts";

/** Where people reach the site; links in mails begin with it. No slash at its end. */
export function siteAddress(env: Pick<Env, "PUBLIC_URL" | "PORT">): string {
  return (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, "");
}

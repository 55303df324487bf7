import { getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";
import { type Health, health } from "#lib/health.ts";
import { json } from "../handle.ts";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  try {
    const deps = await getDeps();
    const report = await health(deps);
    for (const [backend, { ok, detail }] of Object.entries(report.backends))
      if (!ok) deps.log.warn({ backend, detail }, "a backend is not well");
    return json({ ...report, backends: withoutAddresses(report.backends) }, report.ok ? 200 : 503);
  } catch (error) {
    return toResponse(error);
  }
}

/** Anybody may ask how we are; where our backends stand, and their own words, are in the log. */
function withoutAddresses(backends: Health["backends"]): Health["backends"] {
  return Object.fromEntries(
    Object.entries(backends).map(([backend, { ok, ms, detail }]) => [
      backend.split(":")[0],
      { ok, ms, ...(detail !== undefined && { detail: ok ? detail : "does not answer" }) },
    ]),
  );
}

import { getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";
import { health } from "#lib/health.ts";
import { json } from "../handle.ts";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  try {
    const report = await health(await getDeps());
    return json(report, report.ok ? 200 : 503);
  } catch (error) {
    return toResponse(error);
  }
}

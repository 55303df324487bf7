import { tailTenant } from "#lib/audit/index.ts";
import { findViewer } from "#lib/auth/index.ts";
import { may } from "#lib/auth/permissions.ts";
import { requirePermission } from "#lib/auth/require-permission.ts";
import { getDeps } from "#lib/deps.ts";
import { InvalidInputError } from "#lib/errors.ts";
import { handle } from "../../../handle.ts";
import { streamOf } from "../../../stream-of.ts";

const lookAgainEvery = 15_000;

/** `?after=` an id (0 if not said); `?follow=true` goes on as rows come, as long as the reader may read them. */
export const GET = handle(async ({ request, deps, viewer }) => {
  requirePermission(viewer, "audit.read");
  const { searchParams } = new URL(request.url);
  const after = Number(searchParams.get("after") ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) throw new InvalidInputError("“after” is no id of a row.");
  let looked = Date.now();
  const mayGoOn = async () => {
    if (Date.now() - looked < lookAgainEvery) return true;
    looked = Date.now();
    const now = await findViewer(await getDeps(), request.headers);
    return now !== null && now.tenantId === viewer.tenantId && may(now, "audit.read");
  };
  const lines = tailTenant(deps.database, viewer.tenantId, {
    after,
    follow: searchParams.get("follow") === "true",
    signal: request.signal,
    mayGoOn,
  });
  return new Response(streamOf(lines), {
    headers: {
      "Content-Type": "application/x-ndjson; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
      "X-Accel-Buffering": "no",
      "Cache-Control": "private, no-store",
    },
  });
});

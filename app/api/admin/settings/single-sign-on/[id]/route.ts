import { removeProvider, testProvider } from "#lib/auth/sso/index.ts";
import { handle, json } from "../../../../handle.ts";

/** Tries a provider: reads its description again. */
export const POST = handle<{ id: string }>(async ({ deps, viewer, params }) =>
  json(await testProvider(deps, viewer, params.id)),
);

export const DELETE = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  await removeProvider(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});

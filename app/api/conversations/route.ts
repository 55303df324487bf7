import { createConversation, listConversations } from "#lib/conversations/index.ts";
import { handle, json } from "../handle.ts";
import { readJson } from "../read-json.ts";

export const GET = handle(async ({ request, deps, viewer }) => {
  const query = new URL(request.url).searchParams;
  const before = query.get("before") ?? undefined;
  const limit = query.has("limit") ? Number(query.get("limit")) : undefined;
  return json(await listConversations(deps, viewer, { before, limit }));
});

export const POST = handle(async ({ request, deps, viewer }) => {
  return json(await createConversation(deps, viewer, await readJson(request)), 201);
});

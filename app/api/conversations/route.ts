import { type ConversationListInput, createConversation, listConversations } from "#lib/conversations/index.ts";
import { handle, json } from "../handle.ts";
import { readJson } from "../read-json.ts";

export const GET = handle(async ({ request, deps, viewer }) => {
  const asked = Object.fromEntries(new URL(request.url).searchParams) as ConversationListInput;
  return json(await listConversations(deps, viewer, asked));
});

export const POST = handle(async ({ request, deps, viewer }) => {
  return json(await createConversation(deps, viewer, await readJson(request)), 201);
});

import { changeArchivedConversation, readArchived } from "#lib/archive/index.ts";
import { InvalidInputError } from "#lib/errors.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** `?before=` a sequence id: the messages before it. */
export const GET = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  const given = new URL(request.url).searchParams.get("before");
  const before = given === null ? undefined : Number(given);
  if (before !== undefined && !Number.isSafeInteger(before)) throw new InvalidInputError("“before” is no sequence id.");
  return json(await readArchived(deps, viewer, params.id, { before }));
});

export const PATCH = handle<{ id: string }>(async ({ request, deps, viewer, params }) =>
  json(await changeArchivedConversation(deps, viewer, params.id, await readJson(request))),
);

import { z } from "zod";
import { InvalidInputError } from "#lib/errors.ts";
import { changeMemberRole, disableMember, enableMember, removeMember } from "#lib/people/index.ts";
import { handle } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

const change = z.union([z.strictObject({ role: z.string() }), z.strictObject({ disabled: z.boolean() })]);

/** `{ role }`, or `{ disabled }`. */
export const PATCH = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  const parsed = change.safeParse(await readJson(request));
  if (!parsed.success) throw new InvalidInputError("Say what to change: “role”, or “disabled”: true or false.");
  if ("role" in parsed.data) await changeMemberRole(deps, viewer, params.id, parsed.data);
  else await (parsed.data.disabled ? disableMember : enableMember)(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});

export const DELETE = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  await removeMember(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});

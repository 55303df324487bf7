import { z } from "zod";
import {
  deleteParticipant,
  handOverConversation,
  insertParticipant,
  selectConversation,
  selectPeople,
  updateParticipantRole,
} from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import { givenRoles, type PersonView } from "../../domain.ts";
import { InvalidInputError, NotFoundError } from "../../errors.ts";
import { checkId, parseInput } from "../input.ts";
import { requireDone } from "./outcome.ts";
import { personViewOf, tellParticipants } from "./tell.ts";

const role = z.enum(givenRoles, "a role is “reader” or “writer”");
const invitation = z.union(
  [
    z.object({ userId: z.uuid(), role }),
    z.object({ email: z.string().trim().pipe(z.email("this is no e-mail address").max(320)), role }),
  ],
  "name a colleague by “email” or “userId”, and a “role”: reader or writer",
);
const roleInput = z.object({ role: z.enum([...givenRoles, "owner"], "a role is “reader”, “writer” or “owner”") });

/** Everybody who takes part, with their addresses and how much they have not read. */
export async function listPeople(deps: Deps, viewer: Viewer, conversationId: string): Promise<PersonView[]> {
  checkId(conversationId, "The conversation");
  if (!(await selectConversation(deps.database, viewer, conversationId))) throw new NotFoundError("The conversation");
  return (await selectPeople(deps.database, conversationId)).map(personViewOf);
}

/** Lets a colleague of the viewer's tenant take part. The owner and the writers invite. */
export async function invite(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  input: unknown,
): Promise<PersonView[]> {
  checkId(conversationId, "The conversation");
  const invited = parseInput(invitation, input);
  const [userId, email] = "email" in invited ? [null, invited.email] : [invited.userId, null];
  requireDone(await insertParticipant(deps.database, viewer, conversationId, { userId, email, role: invited.role }), {
    refused: "You may read this conversation but not invite to it.",
    nobody: `Nobody of your organisation has ${email === null ? "this name" : `the address ${email}`}.`,
    present:
      email?.toLowerCase() === viewer.email.toLowerCase() ? "You take part yourself." : "They take part already.",
  });
  return told(deps, conversationId);
}

/** Gives a participant another role; `owner` hands the conversation over to them. Only the owner does either. */
export async function changeRole(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  personId: string,
  input: unknown,
): Promise<PersonView[]> {
  checkId(conversationId, "The conversation");
  const { role } = parseInput(roleInput, input);
  const refused = "Only the owner of the conversation gives roles.";
  if (role === "owner") {
    const nobody = "It can only be handed over to a colleague who takes part and can sign in.";
    requireDone(await handOverConversation(deps.database, viewer, conversationId, checkPerson(personId)), {
      refused,
      nobody,
    });
  } else {
    const owner = "You own this conversation. Hand it over to somebody else first.";
    requireDone(await updateParticipantRole(deps.database, viewer, conversationId, checkPerson(personId), role), {
      refused,
      owner,
    });
  }
  return told(deps, conversationId);
}

/** Takes a participant out: the owner anybody else, everybody but the owner themselves. Their open streams end. */
export async function removePerson(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  personId: string,
): Promise<void> {
  checkId(conversationId, "The conversation");
  requireDone(await deleteParticipant(deps.database, viewer, conversationId, checkPerson(personId)), {
    refused: "Only the owner of the conversation removes others.",
    owner: "You own this conversation. Hand it over to somebody else before you leave, or delete it.",
  });
  await tellParticipants(deps, conversationId);
}

async function told(deps: Deps, conversationId: string): Promise<PersonView[]> {
  await tellParticipants(deps, conversationId);
  return (await selectPeople(deps.database, conversationId)).map(personViewOf);
}

function checkPerson(id: string): string {
  if (!z.uuid().safeParse(id).success) throw new InvalidInputError("They do not take part in this conversation.");
  return id;
}

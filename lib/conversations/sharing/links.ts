import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import {
  findLinked,
  insertLink,
  joinByLink,
  type LinkRow,
  revokeLink as revoke,
  selectConversation,
  selectLinks,
} from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import { type GivenRole, givenRoles, type LinkView, linkDays, type NewLinkView } from "../../domain.ts";
import { NotFoundError } from "../../errors.ts";
import { checkId, parseInput } from "../input.ts";
import { requireDone } from "./outcome.ts";
import { tellParticipants } from "./tell.ts";

const linkInput = z.object({
  role: z.enum(givenRoles, "a role is “reader” or “writer”"),
  days: z
    .number("say for how many days the link holds")
    .int("whole days")
    .min(1, "at least one day")
    .max(linkDays.longest, `at most ${linkDays.longest} days`)
    .default(linkDays.usual),
});

const joinInput = z.object({ secret: z.string("say which link: its secret") });

const secretBytes = 32;
const secret = z.base64url().length(Math.ceil((secretBytes * 4) / 3));

/** Makes a link by which members of the tenant join. Only the hash of its secret is kept: it is shown this once. */
export async function createLink(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  input: unknown,
): Promise<NewLinkView> {
  checkId(conversationId, "The conversation");
  const { role, days } = parseInput(linkInput, input);
  const token = randomBytes(secretBytes).toString("base64url");
  const link = await insertLink(deps.database, viewer, conversationId, { tokenHash: hashOf(token), role, days });
  if (typeof link === "string") {
    requireDone(link, { refused: "You may read this conversation but not invite to it." });
    throw new NotFoundError("The conversation");
  }
  return { ...linkViewOf(link, true), path: `/join/${token}` };
}

/** The links that hold, the newest first. */
export async function listLinks(deps: Deps, viewer: Viewer, conversationId: string): Promise<LinkView[]> {
  checkId(conversationId, "The conversation");
  const conversation = await selectConversation(deps.database, viewer, conversationId);
  if (!conversation) throw new NotFoundError("The conversation");
  const { role } = conversation;
  const mayRevoke = (link: LinkRow) => role === "owner" || (role === "writer" && link.createdBy === viewer.userId);
  return (await selectLinks(deps.database, viewer, conversationId)).map((link) => linkViewOf(link, mayRevoke(link)));
}

/** Ends a link: the owner any, a writer their own. */
export async function revokeLink(deps: Deps, viewer: Viewer, conversationId: string, linkId: string): Promise<void> {
  checkId(conversationId, "The conversation");
  const outcome = await revoke(deps.database, viewer, conversationId, checkId(linkId, "The link"));
  if (outcome === "nobody") throw new NotFoundError("The link");
  requireDone(outcome, { refused: "Only the owner, or whoever made it, ends a link." });
}

/** What one is told before joining. */
export interface LinkedConversation {
  conversationId: string;
  title: string;
  role: GivenRole;
  invitedBy: string;
  /** They take part already. */
  present: boolean;
}

/** What a link opens. @throws NotFoundError for a wrong, expired, revoked or another tenant's: always the same */
export async function openLink(deps: Deps, viewer: Viewer, token: string): Promise<LinkedConversation> {
  const linked = await findLinked(deps.database, viewer, hashOf(checkSecret(token)));
  if (!linked) throw new NotFoundError("The link");
  return linked;
}

/** Lets the viewer take part; one who does already keeps their role. @throws NotFoundError as `openLink` does */
export async function join(deps: Deps, viewer: Viewer, input: unknown): Promise<{ conversationId: string }> {
  const token = parseInput(joinInput, input).secret;
  const outcome = await joinByLink(deps.database, viewer, hashOf(checkSecret(token)));
  if (outcome === null) throw new NotFoundError("The link");
  if (outcome === "full") {
    requireDone(outcome);
    throw new NotFoundError("The link");
  }
  if (outcome.joined) await tellParticipants(deps, outcome.conversationId);
  return { conversationId: outcome.conversationId };
}

function checkSecret(token: string): string {
  if (!secret.safeParse(token).success) throw new NotFoundError("The link");
  return token;
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function linkViewOf({ id, role, createdByName, createdAt, expiresAt }: LinkRow, mayRevoke: boolean): LinkView {
  return {
    id,
    role,
    createdByName,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    mayRevoke,
  };
}

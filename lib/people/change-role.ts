import { z } from "zod";
import { changeMember } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { checkId, parseInput, role } from "./input.ts";
import { managerOf, requireDone } from "./outcome.ts";

const roleInput = z.object({ role });

/** Gives a person of the tenant another role; only an owner makes or unmakes owners, and one always stays. */
export async function changeMemberRole(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  personId: string,
  input: unknown,
): Promise<void> {
  await permit(deps, viewer, "people.manage", "member.role");
  const change = { to: "role", role: parseInput(roleInput, input).role } as const;
  const outcome = await changeMember(deps.database, managerOf(viewer), checkId(personId, "The person"), change);
  await requireDone(deps, viewer, outcome, "member.role");
}

import type { Manager, MemberOutcome } from "#db/index.ts";
import { markRecorded, recordDenial } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { rolesWith } from "../auth/permissions.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";

/** Who acts, with the roles that may: the database looks at their role once more. */
export function managerOf({ tenantId, userId }: Viewer): Manager {
  return { tenantId, userId, managing: rolesWith("people.manage") };
}

/**
 * @throws NotFoundError when the person is not of the tenant, ForbiddenError (recorded) when only an owner may,
 * ConflictError when it does not fit what is
 */
export async function requireDone(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  outcome: MemberOutcome,
  deed: string,
): Promise<void> {
  switch (outcome) {
    case "done":
    case "same":
      return;
    case "absent":
      throw new NotFoundError("The person");
    case "lost":
    case "refused":
      return refuse(deps, viewer, outcome, deed);
    case "oneself":
      throw new ConflictError("Nobody takes away their own access. Ask another administrator.");
    case "last-owner":
      throw new ConflictError("This is the last owner of the organisation. Make somebody else an owner first.");
  }
}

/** @throws ForbiddenError, recorded */
export async function refuse(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  why: "lost" | "refused",
  deed: string,
): Promise<never> {
  await recordDenial(deps, viewer, deed, { reason: why === "lost" ? "role" : "owners" });
  const error = new ForbiddenError(
    why === "lost"
      ? "You no longer manage the people of this organisation."
      : "Only an owner makes, changes or removes owners.",
  );
  markRecorded(error);
  throw error;
}

import { z } from "zod";
import { markFeedback } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { requirePermission } from "../auth/require-permission.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { checkId, parse } from "./input.ts";

const input = z.object({ resolved: z.boolean("expected true or false") });

/**
 * Marks feedback of the tenant as dealt with, or opens it again.
 * @param change `{ resolved }`
 * @throws ForbiddenError, NotFoundError, InvalidInputError
 */
export async function resolveFeedback(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  id: string,
  change: unknown,
): Promise<void> {
  requirePermission(viewer, "feedback.review");
  checkId(id, "The feedback");
  const { resolved } = parse(input, change);
  if (!(await markFeedback(deps.database, viewer, id, resolved))) throw new NotFoundError("The feedback");
}

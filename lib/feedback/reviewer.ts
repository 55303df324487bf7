import type { Viewer } from "../auth/index.ts";
import { ForbiddenError } from "../errors.ts";

const reviewers = new Set(["owner", "administrator", "archivist", "curator"]);

/** True for people who look through what the tenant's readers say of answers. */
export function mayReviewFeedback(viewer: Pick<Viewer, "role">): boolean {
  return reviewers.has(viewer.role);
}

/** @throws ForbiddenError for people of other roles than owner, administrator, archivist and curator */
export function requireReviewer(viewer: Viewer): void {
  if (mayReviewFeedback(viewer)) return;
  throw new ForbiddenError(
    `Feedback is looked through by owners, administrators, archivists and curators; you are ${viewer.role}.`,
  );
}

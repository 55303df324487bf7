/** The administrators' archive: other people's conversations, found without their words, read with a recorded reason. */
export { changeArchivedConversation } from "./change.ts";
export { archiveCollections, findConversations } from "./find.ts";
export { cancelJob, downloadJob, type JobFile, listJobs, listOwnDataJobs } from "./jobs/follow.ts";
export { requestChange, requestExport } from "./jobs/request.ts";
export { removeExpired, workOnArchive } from "./jobs/work.ts";
export { ArchiveOffError, getArchiveMode, setArchiveMode } from "./mode.ts";
export { getArchivedSummary, openArchived, ReasonNeededError, readArchived } from "./read.ts";
export { type UsageSum, type UsageView, usageFigures } from "./usage/figures.ts";
export type * from "./views.ts";

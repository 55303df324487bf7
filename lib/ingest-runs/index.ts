/** Runs of the ingest: asked for, watched, paused and scheduled here; carried out by a worker or the command. */
export { type Actor, system } from "./actor.ts";
export { getCollectionForAdmin, listCollectionsForAdmin } from "./collections.ts";
export { cancelRun, pauseRun, resumeRun } from "./control.ts";
export { createPrivateCollection } from "./create-collection.ts";
export { runExitCode } from "./exit-code.ts";
export { openRun } from "./find.ts";
export { parseSourceRequest } from "./parse-request.ts";
export { getRun, listFailures, listRuns } from "./read.ts";
export { createSchedule, deleteSchedule, getSchedule, listSchedules, updateSchedule } from "./schedules.ts";
export { type SourceOptions, sourceOptions, sourceRequestOf, sourceUsage } from "./source-options.ts";
export { type SourceKind, type SourceRequest, type SourceSettings, sourceRequest } from "./source-request.ts";
export { sourceSettingsOf } from "./source-settings.ts";
export { activateSpace, dropSpace, rollbackSpace } from "./spaces.ts";
export { checkRetry, retryFailures, startReembed, startRun } from "./start.ts";
export { createUpload, putUploadedFile, startUploadRun } from "./upload.ts";
export { listUploadedFiles } from "./uploaded-files.ts";
export {
  type AdminCollectionView,
  adminCollectionView,
  type FailurePage,
  type FailureView,
  failurePage,
  type ProgressPoint,
  type ReembedRequest,
  type RunDetail,
  type RunPage,
  type RunStatus,
  type RunView,
  runDetail,
  runPage,
  type ScheduleView,
  type SpaceView,
  scheduleView,
  type UploadedFileView,
} from "./views.ts";

/** Runs of the ingest: asked for, watched, paused and scheduled here; carried out by a worker or the command. */
export { type SourceKind, type SourceRequest, type SourceSettings, sourceRequest } from "./source-request.ts";
export { sourceSettingsOf } from "./source-settings.ts";

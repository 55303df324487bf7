/** Documents as their readers see them, and the originals they were made from. */
export { getDocument, getDocumentBySource } from "./get.ts";
export { nameOfRecord } from "./names.ts";
export { type OriginalResponse, openOriginal } from "./open-original.ts";
export { openSignedOriginal, signOriginal } from "./signed-original.ts";

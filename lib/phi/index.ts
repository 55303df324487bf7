/** Patient identifiers in what people write: found and replaced by rules. Pure; runs in browsers as well. */
export { findIdentifiers } from "./find.ts";
export * from "./replace.ts";
export * from "./types.ts";

export * from "./accounts.ts";
export * from "./archive.ts";
export * from "./conversations.ts";
export * from "./corpus.ts";
export * from "./limits.ts";
export * from "./operations.ts";
export * from "./people.ts";
export * from "./sign-in.ts";

export * from "./accounts.ts";
export * from "./conversations.ts";
export * from "./corpus.ts";
export * from "./operations.ts";

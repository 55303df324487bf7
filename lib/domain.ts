/**
 * The words of the product as types. Code, tables and interface use them the same way:
 * collection, document, section, chunk, passage, citation, source, conversation, message, participant, tenant.
 *
 * All offsets are UTF-16 code units into a document's `text` (what `text.slice(start, end)` takes), end exclusive.
 */

export * from "./domain/answers.ts";
export * from "./domain/conversations.ts";
export * from "./domain/documents.ts";
export * from "./domain/receipts.ts";
export * from "./domain/search.ts";
export * from "./domain/sharing.ts";
export * from "./domain/sources.ts";

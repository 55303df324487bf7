/** Finding one's own messages again, by words, meaning, date and people; and the vectors this takes. */
export { embedMessages, startEmbeddingMessages } from "./embed-messages.ts";
export { type SearchInput, searchMessages } from "./search-messages.ts";

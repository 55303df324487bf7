/** Conversations: one verb a file. Every verb takes who asks; what is not theirs is not found. */
export {
  archiveConversation,
  deleteConversation,
  renameConversation,
  restoreConversation,
  unarchiveConversation,
} from "./change.ts";
export { chat } from "./chat.ts";
export { createConversation } from "./create.ts";
export { embedMessages, type SearchInput, searchMessages, startEmbeddingMessages } from "./find/index.ts";
export { getConversation } from "./get.ts";
export { type ConversationList, type ConversationListInput, listConversations } from "./list.ts";
export { listMarkedAnswers, type MarkedAnswer } from "./list-marked.ts";
export { listMessages, type MessageList } from "./list-messages.ts";
export { labelConversation, pinConversation, unpinConversation } from "./order.ts";
export { type Posted, postMessage } from "./post-message.ts";
export { purgeConversations, retainConversation } from "./purge.ts";
export { type RecentMessagesCounts, recentMessagesCounts } from "./recent-messages.ts";
export { regenerateAnswer } from "./regenerate.ts";
export * from "./sharing/index.ts";
export { stopAnswer } from "./stop.ts";
export { type StreamedEvent, subscribe } from "./subscribe.ts";
export { startSweeping, sweep } from "./sweep.ts";

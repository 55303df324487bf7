/** Conversations: one verb a file. Every verb takes who asks; what is not theirs is not found. */
export { archiveConversation, deleteConversation, renameConversation, restoreConversation } from "./change.ts";
export { chat } from "./chat.ts";
export { createConversation } from "./create.ts";
export { getConversation } from "./get.ts";
export { listConversations } from "./list.ts";
export { listMarkedAnswers, type MarkedAnswer } from "./list-marked.ts";
export { listMessages, type MessageList } from "./list-messages.ts";
export { type Posted, postMessage } from "./post-message.ts";
export { regenerateAnswer } from "./regenerate.ts";
export { stopAnswer } from "./stop.ts";
export { type StreamedEvent, subscribe } from "./subscribe.ts";
export * from "./sharing/index.ts";
export { startSweeping, sweep } from "./sweep.ts";

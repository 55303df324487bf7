import { z } from "zod";
import { replacedIdentifier } from "../phi/index.ts";
import {
  type AnswerSentence,
  answerResult,
  type Contrast,
  type DroppedSentence,
  type EvidenceGap,
  type LabelWarning,
  type Redirection,
  type Stage,
  type Understanding,
} from "./answers.ts";
import { questionFilters } from "./sources.ts";

/** What a person may do in a conversation; `answerer` is Probatum itself. */
export const participantRoles = ["owner", "writer", "reader", "answerer"] as const;
export type ParticipantRole = (typeof participantRoles)[number];

export const participantView = z.object({
  /** A user's id, or `probatum`. */
  id: z.string(),
  kind: z.enum(["human", "ai"]),
  name: z.string(),
  role: z.enum(participantRoles),
  joinedAt: z.string(),
  /** The sequence id up to which they have read. */
  lastRead: z.number().int().nonnegative(),
});
export type ParticipantView = z.infer<typeof participantView>;

/** Somebody who has the conversation open now. */
export interface Presence {
  /** A user's id. */
  id: string;
  name: string;
  /** Writing a question at this moment. */
  asking: boolean;
}

/** What readers say of an answer or of one of its sentences. */
export const feedbackKinds = ["helpful", "wrong", "unsupported", "outdated"] as const;
export type FeedbackKind = (typeof feedbackKinds)[number];

export const feedbackView = z.object({
  messageId: z.string(),
  /** Null: of the whole answer. */
  sentenceIndex: z.number().int().nonnegative().nullable(),
  kind: z.enum(feedbackKinds),
  note: z.string(),
  updatedAt: z.string(),
});
export type FeedbackView = z.infer<typeof feedbackView>;

export const messageStatuses = ["pending", "streaming", "complete", "stopped", "failed"] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** A message as its readers see it. An assistant message carries its answer; `content` is its plain text. */
export const messageView = z.object({
  id: z.string(),
  conversationId: z.string(),
  sequenceId: z.number().int().positive(),
  parentId: z.string().nullable(),
  role: z.enum(["user", "assistant", "system"]),
  /** A user's id, or `probatum`. */
  senderId: z.string(),
  senderName: z.string().nullable(),
  content: z.string(),
  status: z.enum(messageStatuses),
  answer: answerResult.nullable(),
  /** Collections the question was put to; empty means all. */
  collections: z.array(z.string()),
  filters: questionFilters.default({}),
  /** Of a question: what its readers see in `content`, and everybody else as the placeholder. */
  identifiers: z.array(replacedIdentifier).default([]),
  createdAt: z.string(),
});
export type MessageView = z.infer<typeof messageView>;

export const conversationSummary = z.object({
  id: z.string(),
  title: z.string(),
  messageCount: z.number().int(),
  updatedAt: z.string(),
  /** What the reader may do in it. */
  role: z.enum(participantRoles),
  /** Other people take part. */
  shared: z.boolean(),
  /** Messages of others that the reader has not seen. */
  unread: z.number().int().nonnegative(),
  /** The reader's own order. */
  pinned: z.boolean(),
  archived: z.boolean(),
  labels: z.array(z.string()),
  /** Deleted by its owner and still to be restored until it is purged; ISO. */
  deletedAt: z.string().nullable(),
  /** Its messages lie in the object store: it opens to be read, and is brought back before it is written to. */
  moved: z.boolean(),
});
export type ConversationSummary = z.infer<typeof conversationSummary>;

/** `eventCursor` is where to start the event stream so that nothing between this reading and the stream is lost. */
export const conversationView = conversationSummary.extend({
  /** The last 50, whatever branch they belong to, in the order of their sequence ids. */
  messages: z.array(messageView),
  /** There are messages before them. */
  hasEarlier: z.boolean(),
  participants: z.array(participantView),
  /** The reader's own. */
  feedback: z.array(feedbackView),
  /** The reader may ask in it. */
  mayWrite: z.boolean(),
  /** The reader's own user id: which of the participants and senders they are. */
  readerId: z.string(),
  eventCursor: z.string(),
});
export type ConversationView = z.infer<typeof conversationView>;

/**
 * What travels on a conversation's event stream, each under a monotonic id. Applying one twice changes nothing.
 * `reset` says the buffer no longer reaches back to the reader's last id: read the conversation again.
 */
export type ConversationEvent =
  | { type: "message"; message: MessageView }
  | { type: "stage"; messageId: string; stage: Stage; detail?: string }
  | { type: "sentence"; messageId: string; sentence: AnswerSentence }
  | { type: "dropped"; messageId: string; dropped: DroppedSentence }
  | { type: "gap"; messageId: string; gap: EvidenceGap }
  | { type: "redirection"; messageId: string; redirection: Redirection }
  | { type: "understood"; messageId: string; understanding: Understanding }
  | { type: "warning"; messageId: string; warning: LabelWarning }
  | { type: "contrast"; messageId: string; contrast: Contrast }
  | { type: "follow_ups"; messageId: string; questions: string[] }
  | { type: "done"; messageId: string; message: MessageView }
  | { type: "title"; title: string }
  /** Who takes part from now on; somebody missing has left or was removed. */
  | { type: "participants"; participants: ParticipantView[] }
  /** Everybody who has the conversation open; sent on a new stream first, and at each change. */
  | { type: "presence"; present: Presence[] }
  | { type: "reset" };

import { z } from "zod";

/** A stretch of text; `marked` is what was searched for. Never markup. */
export const textSegment = z.object({ text: z.string(), marked: z.boolean() });
export type TextSegment = z.infer<typeof textSegment>;

export const foundMessage = z.object({
  id: z.string(),
  sequenceId: z.number().int().positive(),
  role: z.enum(["user", "assistant", "system"]),
  /** Null for Probatum and for somebody who is gone. */
  senderName: z.string().nullable(),
  createdAt: z.string(),
  snippet: z.array(textSegment),
  /** False: its text lies in the object store and could not be read just now; the snippet is empty. */
  readable: z.boolean(),
  /** The words stand in it; otherwise it is near in meaning, or was only asked for by date or person. */
  byWords: z.boolean(),
});
export type FoundMessage = z.infer<typeof foundMessage>;

/** A conversation in which something was found: in its messages, in its title, or both. */
export const foundConversation = z.object({
  id: z.string(),
  title: z.array(textSegment),
  updatedAt: z.string(),
  archived: z.boolean(),
  shared: z.boolean(),
  /** The other people who take part. */
  people: z.array(z.string()),
  /** Best first. */
  messages: z.array(foundMessage),
});
export type FoundConversation = z.infer<typeof foundConversation>;

export const searchResult = z.object({
  /** Best first. */
  conversations: z.array(foundConversation),
  /** How the query was read. */
  understood: z.object({
    words: z.string(),
    /** First and last day meant, as ISO dates; null: no bound. */
    from: z.string().nullable(),
    until: z.string().nullable(),
    /** Names of those it must have been with, and of those who must have written it. */
    withPeople: z.array(z.string()),
    fromPeople: z.array(z.string()),
  }),
  /** Meaning was compared too; false where there were no words, or the model could not be asked. */
  byMeaning: z.boolean(),
  /** Conversations that search does not know more of yet than their titles: moved to the object store long ago. */
  titlesOnly: z.number().int().nonnegative(),
  /** Ask for the next page with it; null at the end. */
  next: z.string().nullable(),
});
export type SearchResult = z.infer<typeof searchResult>;

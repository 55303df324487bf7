import type { ParticipantView } from "./conversations.ts";

/** The roles that can be given; the owner's is handed over. */
export const givenRoles = ["reader", "writer"] as const;
export type GivenRole = (typeof givenRoles)[number];

/** A participant as those who share the conversation see them. */
export interface PersonView extends ParticipantView {
  /** Null for Probatum. */
  email: string | null;
  /** Messages after the last one they have read. */
  unread: number;
}

/** Somebody of the reader's own organisation who can be invited. */
export interface Colleague {
  /** A user's id. */
  id: string;
  name: string;
  email: string;
}

/** A share link that holds. Its secret was shown once, when it was made. */
export interface LinkView {
  id: string;
  role: GivenRole;
  createdByName: string | null;
  createdAt: string;
  expiresAt: string;
  /** The reader may end it. */
  mayRevoke: boolean;
}

/** A link just made: the only time that its path, with the secret in it, can be read. */
export interface NewLinkView extends LinkView {
  /** Begins with `/join/`. */
  path: string;
}

/** Days a link holds unless said otherwise, and at most. */
export const linkDays = { usual: 7, longest: 90 } as const;

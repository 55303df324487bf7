import type { Presence } from "../domain.ts";

/** A person who has a conversation open in this process. */
export interface PresentPerson {
  /** A user's id. */
  id: string;
  name: string;
}

/**
 * Where processes tell each other who is there. Nothing in it outlives its moment: what is not repeated is forgotten.
 */
export interface PresenceStore {
  readonly name: string;
  /**
   * Says who has the conversation open in this process and whom it has lost, and returns everybody who has it open in
   * any, ordered by name. What is not said again within `holds.here` seconds no longer holds.
   */
  exchange(conversationId: string, here: PresentPerson[], gone: string[]): Promise<Presence[]>;
  /** Somebody writes a question, which holds for `holds.asking` seconds, or no longer does. */
  setAsking(conversationId: string, personId: string, asking: boolean): Promise<void>;
  /** Calls back when another process has changed something; returns how to stop that. */
  listen(conversationId: string, changed: () => void): () => void;
}

/** Seconds for which something told holds. */
export interface Holds {
  here: number;
  asking: number;
}

/** With `exchange` every five seconds, the people of a process that died are gone everywhere within 25. */
export const usualHolds: Holds = { here: 20, asking: 6 };

/** Everybody once, in an order that every process finds the same. */
export function presentOf(people: Map<string, string>, asking: (id: string) => boolean): Presence[] {
  return [...people]
    .map(([id, name]) => ({ id, name, asking: asking(id) }))
    .sort((left, right) => (left.name === right.name ? compare(left.id, right.id) : compare(left.name, right.name)));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

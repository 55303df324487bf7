import { type PresenceStore, presentOf, usualHolds } from "./store.ts";

/** One process alone: who is there is who is here. */
export function openMemoryPresence(holds = usualHolds, now: () => number = Date.now): PresenceStore {
  /** Until when who writes a question, by conversation and person. */
  const asking = new Map<string, Map<string, number>>();
  return {
    name: "presence:memory",

    async exchange(conversationId, here) {
      const until = asking.get(conversationId);
      for (const [id, end] of until ?? []) if (end <= now()) until?.delete(id);
      if (until?.size === 0) asking.delete(conversationId);
      return presentOf(new Map(here.map(({ id, name }) => [id, name])), (id) => until?.has(id) ?? false);
    },

    async setAsking(conversationId, personId, asks) {
      const until = asking.get(conversationId) ?? new Map<string, number>();
      if (asks) asking.set(conversationId, until.set(personId, now() + holds.asking * 1000));
      else until.delete(personId);
    },

    listen: () => () => undefined,
  };
}

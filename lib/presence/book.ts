import type { Presence } from "../domain.ts";
import type { StorageLogger } from "../storage/backend.ts";
import type { PresenceStore, PresentPerson } from "./store.ts";

/** Milliseconds. */
export interface PresenceTimes {
  /** Between two times that a process says who is there. */
  repeat: number;
  /** While somebody writes a question: how soon it shows that they no longer do. */
  whileAsking: number;
  /** How long one who has gone still counts as there: a page that is read again is no news. */
  grace: number;
  /** Changes within it are told together. */
  gather: number;
}

const usual: PresenceTimes = { repeat: 5_000, whileAsking: 1_500, grace: 1_500, gather: 40 };

export interface PresenceBook {
  /**
   * Lets a person be there, and tells who is: at once, and at each change, the newest list alone.
   * @returns how to go again
   */
  enter(conversationId: string, person: PresentPerson, told: (present: Presence[]) => void): () => void;
  /** Never fails: what cannot be told is not worth an error. */
  setAsking(conversationId: string, personId: string, asking: boolean): Promise<void>;
  /** Says goodbye for everybody here. */
  close(): Promise<void>;
}

interface Listener {
  told: (present: Presence[]) => void;
  /** What they were told last, as JSON. */
  last: string | null;
}

/** One conversation as this process has it open. */
interface Room {
  /** How often each person has it open here. */
  people: Map<string, { name: string; times: number }>;
  gone: Set<string>;
  listeners: Set<Listener>;
  present: Presence[];
  timer: NodeJS.Timeout | undefined;
  /** When the timer goes off. */
  due: number;
  running: boolean;
  stopListening: () => void;
}

/** Keeps the rooms of this process in step with a store that all processes may share. */
export function presenceBook(store: PresenceStore, logger: StorageLogger, times = usual): PresenceBook {
  const rooms = new Map<string, Room>();
  let isClosed = false;

  /** Lets the room be told of within so many milliseconds; an earlier turn that is due stays. */
  function turnWithin(conversationId: string, room: Room, milliseconds: number): void {
    if (isClosed) return;
    const due = Date.now() + milliseconds;
    if (room.timer && room.due <= due) return;
    clearTimeout(room.timer);
    room.due = due;
    room.timer = setTimeout(() => {
      room.timer = undefined;
      void turn(conversationId, room);
    }, milliseconds);
    room.timer.unref();
  }

  async function turn(conversationId: string, room: Room): Promise<void> {
    // One at a time, so that an older list never comes after a newer one.
    if (room.running) return turnWithin(conversationId, room, times.gather);
    room.running = true;
    try {
      const gone = [...room.gone];
      const here = [...room.people].map(([id, { name }]) => ({ id, name }));
      room.present = await store.exchange(conversationId, here, gone);
      for (const id of gone) room.gone.delete(id);
      tell(room);
    } catch (error) {
      logger.warn({ backend: store.name, err: error }, "Who is there could not be told");
    } finally {
      room.running = false;
    }
    if (room.people.size === 0 && room.gone.size === 0) {
      clearTimeout(room.timer);
      room.stopListening();
      if (rooms.get(conversationId) === room) rooms.delete(conversationId);
    } else {
      turnWithin(conversationId, room, room.present.some(({ asking }) => asking) ? times.whileAsking : times.repeat);
    }
  }

  function tell(room: Room): void {
    const list = JSON.stringify(room.present);
    for (const listener of room.listeners) {
      if (listener.last === list) continue;
      listener.last = list;
      listener.told(room.present);
    }
  }

  function open(conversationId: string): Room {
    const known = rooms.get(conversationId);
    if (known) return known;
    const room: Room = {
      people: new Map(),
      gone: new Set(),
      listeners: new Set(),
      present: [],
      timer: undefined,
      due: 0,
      running: false,
      stopListening: () => undefined,
    };
    rooms.set(conversationId, room);
    room.stopListening = store.listen(conversationId, () => turnWithin(conversationId, room, times.gather));
    return room;
  }

  return {
    enter(conversationId, { id, name }, told) {
      const room = open(conversationId);
      const listener: Listener = { told, last: null };
      const person = room.people.get(id) ?? { name, times: 0 };
      person.times += 1;
      room.people.set(id, person);
      room.gone.delete(id);
      room.listeners.add(listener);
      turnWithin(conversationId, room, times.gather);
      return () => {
        if (!room.listeners.delete(listener)) return;
        setTimeout(() => {
          person.times -= 1;
          if (person.times > 0) return;
          room.people.delete(id);
          room.gone.add(id);
          turnWithin(conversationId, room, 0);
        }, times.grace).unref();
      };
    },

    async setAsking(conversationId, personId, asking) {
      try {
        await store.setAsking(conversationId, personId, asking);
      } catch (error) {
        logger.warn({ backend: store.name, err: error }, "Who is asking could not be told");
      }
      const room = rooms.get(conversationId);
      if (room) turnWithin(conversationId, room, times.gather);
    },

    async close() {
      isClosed = true;
      await Promise.allSettled(
        [...rooms].map(async ([conversationId, room]) => {
          clearTimeout(room.timer);
          room.stopListening();
          await store.exchange(conversationId, [], [...room.gone, ...room.people.keys()]);
        }),
      );
      rooms.clear();
    },
  };
}

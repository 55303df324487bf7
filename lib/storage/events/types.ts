import type { BackendHealth } from "../backend.ts";

/** What a subscriber gets: an event under its id, or word that events between its last one and now are lost to it. */
export type EventDelivery = { id: string; event: unknown } | { reset: true };

export type SubscribeOptions = {
  /** The last id the subscriber has: everything later is replayed first. Absent: only what comes from now on. */
  after?: string | undefined;
  /** Ends the subscription. */
  signal: AbortSignal;
};

export type EventLogStats = {
  appended: number;
  /** Events that reached this process's subscribers only, because Redis was away. */
  keptLocal: number;
  resets: number;
  subscribers: number;
};

/**
 * A short log of events for each stream name. Ids are `<milliseconds>-<number>`, monotonic within a stream
 * (`compareIds`). A subscriber sees every event once, in order, or a `reset` where that cannot be kept.
 */
export type EventLog = {
  readonly name: string;
  /** Stores the event (as JSON) and hands it to every subscriber. Never fails for an outage of the backend. */
  append(stream: string, event: unknown): Promise<string>;
  /** The id to subscribe after so that nothing later is lost, also for a stream without events. Never fails so either. */
  latestId(stream: string): Promise<string>;
  subscribe(stream: string, options: SubscribeOptions): AsyncIterable<EventDelivery>;
  stats(): EventLogStats;
  health(): Promise<BackendHealth>;
  /** Ends all subscriptions. */
  close(): Promise<void>;
};

/** `reset` marks a place in the log before which some events are missing; `start` is where an empty log begins. */
export type LogEntry = { id: string; kind: "event" | "reset" | "start"; event: unknown };

export type LogPage = {
  /** False when entries after the asked id are gone; `entries` is then empty. */
  isComplete: boolean;
  entries: LogEntry[];
  /** Whether later entries wait beyond this page. */
  hasMore: boolean;
  /** The newest id of the stream. */
  latestId: string;
};

import { LRUCache } from "lru-cache";
import type { Database } from "#db/index.ts";
import { conversationExists } from "#db/index.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { record } from "./record.ts";

/** Denials of one person that are written out in a minute; the rest of that minute are counted. */
export const deniedPerMinute = 20;
const minute = 60_000;

interface Counted {
  written: number;
  more: number;
}

// Of this process: several processes bound each for itself.
const counts = new LRUCache<string, Counted>({ max: 10_000, ttl: minute, noUpdateTTL: true });
const recorded = new WeakSet<object>();

/** Says that a verb has recorded this denial itself. */
export function markRecorded(error: unknown): void {
  if (typeof error === "object" && error !== null) recorded.add(error);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Records that a request was denied: every 403, and every 404 of a conversation that there is, but not for this person.
 * Within a minute so many of one person are written out; the first of the next says how many more there were.
 * @param route with its parameters by name: `GET /api/conversations/[id]`
 */
export async function recordDeniedRequest(
  deps: { database: Database },
  viewer: { tenantId: string; userId: string; role: string },
  request: { route: string; params: Record<string, unknown> },
  error: unknown,
): Promise<void> {
  if (typeof error !== "object" || error === null || recorded.has(error)) return;
  const target = Object.values(request.params).flat().map(String).join("/").slice(0, 200);
  if (error instanceof NotFoundError) {
    const id = request.params.id;
    if (!/\/conversations?\/|\/c\/|\/archive\//.test(request.route) || typeof id !== "string" || !uuid.test(id)) return;
    // Also another tenant's, which no tenant's own view shows.
    if (!(await conversationExists(deps.database.root, id))) return;
  } else if (!(error instanceof ForbiddenError) && (error as { status?: number }).status !== 403) return;
  const key = `${viewer.tenantId} ${viewer.userId}`;
  const count = counts.get(key) ?? { written: 0, more: 0 };
  counts.set(key, count);
  if (count.written >= deniedPerMinute) {
    count.more += 1;
    if (count.more === 1) setTimeout(() => void recordRest(deps, viewer, count).catch(() => undefined), minute).unref();
    return;
  }
  count.written += 1;
  await record(deps, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: "denied",
    subjectType: "route",
    subjectId: target || request.route,
    details: { route: request.route, role: viewer.role, status: (error as { status?: number }).status ?? 403 },
  });
}

async function recordRest(
  deps: { database: Database },
  { tenantId, userId, role }: { tenantId: string; userId: string; role: string },
  { more }: Counted,
): Promise<void> {
  await record(deps, {
    tenantId,
    actorId: userId,
    action: "denied.more",
    subjectType: "user",
    subjectId: userId,
    details: { more, role },
  });
}

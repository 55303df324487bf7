import { type PersonRow, selectPeople } from "#db/index.ts";
import type { Deps } from "../../deps.ts";
import type { ParticipantView, PersonView } from "../../domain.ts";

/**
 * Tells every open stream who takes part now. Of several changes at once the last list told is the last that holds:
 * whoever told one looks again, and tells again if it has changed.
 */
export async function tellParticipants(deps: Pick<Deps, "database" | "events">, conversationId: string): Promise<void> {
  const settled = (people: PersonRow[]) => people.map(({ id, role }) => `${id} ${role}`).join();
  let people = await selectPeople(deps.database, conversationId);
  for (;;) {
    await deps.events.append(conversationId, { type: "participants", participants: people.map(participantOf) });
    const now = await selectPeople(deps.database, conversationId);
    if (settled(now) === settled(people)) return;
    people = now;
  }
}

export function personViewOf(row: PersonRow): PersonView {
  return { ...participantOf(row), email: row.email, unread: row.unread };
}

// Everybody else's address stays out of the event: it is read where it is asked for.
function participantOf({ id, kind, name, role, joinedAt, lastRead }: PersonRow): ParticipantView {
  return { id, kind, name, role, joinedAt: joinedAt.toISOString(), lastRead };
}

import { createHmac, randomBytes } from "node:crypto";
import { archiveKey, type Database, selectPeopleIds, selectPeopleLike } from "#db/index.ts";
import type { ArchiveMode, ArchivePerson } from "./views.ts";

const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const length = 10;

/** Shows people as a mode lets them be seen. */
export interface Naming {
  person(person: { id: string; name: string | null; email?: string | null }): ArchivePerson;
  /** Ids of those whom a typed name means. */
  find(text: string): Promise<string[]>;
}

/**
 * In a pseudonymised archive a person is `Person ` and ten characters (50 bits) of HMAC-SHA256 over their id under the
 * tenant's own key: always the same, and to nobody without the key whose.
 */
export async function openNaming(database: Database, tenantId: string, mode: ArchiveMode): Promise<Naming> {
  if (mode === "normal") {
    return {
      person: ({ id, name, email }) => ({ id, name: name ?? "Unknown", email: email ?? null }),
      find: (text) => selectPeopleLike(database, tenantId, text),
    };
  }
  const key = await archiveKey(database, tenantId, randomBytes(32));
  const known = new Map<string, string>();
  const pseudonym = (id: string) => {
    const name = known.get(id) ?? pseudonymOf(key, id);
    known.set(id, name);
    return name;
  };
  return {
    person: ({ id }) => (id === "probatum" ? { id, name: "Probatum", email: null } : disguised(pseudonym(id))),
    find: async (text) => {
      const wanted = text.toUpperCase().replace(/^PERSON\s+/, "");
      // A name or an id finds nobody: else the filter would tell whose the pseudonym is.
      return (await selectPeopleIds(database, tenantId)).filter((id) => pseudonym(id) === `Person ${wanted}`);
    },
  };
}

function disguised(name: string): ArchivePerson {
  return { id: name, name, email: null };
}

function pseudonymOf(key: Buffer, id: string): string {
  const digest = createHmac("sha256", key).update(`person:${id}`).digest();
  const letters = Array.from(digest.subarray(0, length), (byte) => alphabet[byte % alphabet.length]);
  return `Person ${letters.join("")}`;
}

export const roles = ["owner", "administrator", "archivist", "curator", "clinician", "reader"] as const;
export type Role = (typeof roles)[number];

/** What a role allows, in the words of the person who lacks it. A new permission is a line here and nowhere else. */
const granted = {
  ask: ["owner", "administrator", "archivist", "curator", "clinician"],
  "collections.curate": ["owner", "administrator", "curator"],
  "feedback.review": ["owner", "administrator", "archivist", "curator"],
  "archive.read": ["owner", "administrator", "archivist"],
  /** Archive, restore, retain, delete and export other people's conversations. */
  "archive.manage": ["owner", "administrator", "archivist"],
  "usage.read": ["owner", "administrator", "archivist"],
  "audit.read": ["owner", "administrator"],
  /** Invite, disable, change roles; only an owner makes owners. */
  "people.manage": ["owner", "administrator"],
  /** Sign-in, identifiers, limits, archive mode. */
  "tenant.settings": ["owner", "administrator"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof granted;

/** Which roles hold a permission. */
export function rolesWith(permission: Permission): readonly Role[] {
  return granted[permission];
}

export function may(viewer: { role: string }, permission: Permission): boolean {
  return (granted[permission] as readonly string[]).includes(viewer.role);
}

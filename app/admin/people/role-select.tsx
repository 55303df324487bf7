import { narrowField } from "#app/components/styles.ts";
import { type Role, roles } from "#lib/auth/permissions.ts";

export const roleLabels: Record<Role, string> = {
  owner: "Owner",
  administrator: "Administrator",
  archivist: "Archivist",
  curator: "Curator",
  clinician: "Clinician",
  reader: "Reader",
};

/** What each may do, in a line below the choice. */
export const roleWords: Record<Role, string> = {
  owner: "Everything, and makes other owners.",
  administrator: "People, settings, collections, the archive and the audit log.",
  archivist: "Asks, and keeps the archive of conversations.",
  curator: "Asks, and keeps the collections.",
  clinician: "Asks and shares.",
  reader: "Reads what is shared with them; asks nothing.",
};

/** Only owners see the owner's role to give. */
export function RoleSelect({
  label,
  name,
  value,
  defaultValue,
  viewerRole,
  disabled,
  onChange,
}: {
  label: string;
  name?: string;
  value?: string;
  defaultValue?: string;
  viewerRole: string;
  disabled?: boolean;
  onChange?: (role: string) => void;
}) {
  return (
    <select
      className={narrowField}
      aria-label={label}
      name={name}
      value={value}
      defaultValue={defaultValue}
      disabled={disabled}
      onChange={(event) => onChange?.(event.target.value)}
    >
      {roles
        .filter((role) => role !== "owner" || viewerRole === "owner" || value === "owner")
        .map((role) => (
          <option key={role} value={role}>
            {roleLabels[role]}
          </option>
        ))}
    </select>
  );
}

import { narrowField } from "#app/components/styles.ts";
import type { GivenRole } from "#lib/domain.ts";
import { roleLabels } from "./words.ts";

export interface RoleChoiceProps {
  label: string;
  role: GivenRole;
  onChange: (role: GivenRole) => void;
}

export function RoleChoice({ label, role, onChange }: RoleChoiceProps) {
  return (
    <select
      aria-label={label}
      className={narrowField}
      value={role}
      onChange={(event) => onChange(event.target.value as GivenRole)}
    >
      <option value="writer">{roleLabels.writer}</option>
      <option value="reader">{roleLabels.reader}</option>
    </select>
  );
}

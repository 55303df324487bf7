import type { AuditView } from "#lib/audit/index.ts";
import { cell, headCell, WideTable } from "../parts.tsx";
import { Moment } from "../when.tsx";

export function AuditTable({ rows }: { rows: AuditView[] }) {
  return (
    <WideTable label="Audit log">
      <thead>
        <tr>
          <th className={headCell}>When</th>
          <th className={headCell}>Who</th>
          <th className={headCell}>Action</th>
          <th className={headCell}>Subject</th>
          <th className={headCell}>Details</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-line border-t">
            <td className={`${cell} tabular whitespace-nowrap`}>
              <Moment at={row.at} />
            </td>
            <td className={`${cell} wrap-anywhere min-w-36`} title={row.actorId}>
              {row.actorName ?? row.actorId}
              {row.actorEmail && <span className="block text-ink-soft text-xs">{row.actorEmail}</span>}
            </td>
            <td className={`${cell} whitespace-nowrap font-medium`}>{row.action}</td>
            <td className={`${cell} min-w-40`}>
              {row.subjectType}
              <span className="block break-all text-ink-soft text-xs">{row.subjectId}</span>
            </td>
            <td className={`${cell} wrap-anywhere min-w-56 max-w-96 text-ink-soft text-xs`}>{inWords(row.details)}</td>
          </tr>
        ))}
      </tbody>
    </WideTable>
  );
}

function inWords(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join("; ");
}

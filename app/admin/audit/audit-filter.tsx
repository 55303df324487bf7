import Link from "next/link";
import { button, field } from "#app/components/styles.ts";

const names = ["person", "action", "subject", "from", "until"] as const;
export type AuditQuery = Partial<Record<(typeof names)[number], string>>;

/** What an address asks for; what is empty is not asked. */
export function readAuditQuery(given: Record<string, string | string[] | undefined>): AuditQuery {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = given[name];
      return typeof value === "string" && value.trim() !== "" ? [[name, value.trim()]] : [];
    }),
  );
}

const labels = { person: "Person", action: "Action", subject: "Subject's id", from: "From", until: "Until" } as const;

export function AuditFilter({ query, actions }: { query: AuditQuery; actions: string[] }) {
  return (
    <search>
      <form action="/admin/audit" className="mt-5 mb-5 grid grid-cols-2 gap-3 sm:grid-cols-3">
        {names.map((name) => (
          <label key={name} htmlFor={`audit-${name}`} className="grid min-w-0 content-start gap-1">
            <span className="label-caps">{labels[name]}</span>
            <input
              key={query[name]}
              id={`audit-${name}`}
              name={name}
              type={name === "from" || name === "until" ? "date" : "text"}
              list={name === "action" ? "audit-actions" : undefined}
              maxLength={200}
              className={field}
              defaultValue={query[name] ?? ""}
            />
          </label>
        ))}
        <datalist id="audit-actions">
          {actions.map((action) => (
            <option key={action} value={action} />
          ))}
        </datalist>
        <div className="flex items-end gap-2">
          <button type="submit" className={button.primary}>
            Show
          </button>
          <Link href="/admin/audit" className={button.quiet}>
            Clear
          </Link>
        </div>
      </form>
    </search>
  );
}

import Link from "next/link";
import { button, field } from "#app/components/styles.ts";
import { stateNames } from "#lib/archive/views.ts";
import { feedbackKinds } from "#lib/domain.ts";
import type { ArchiveQuery } from "./address.ts";
import { feedbackLabels, stateLabels } from "./words.ts";

export interface ArchiveFilterProps {
  query: ArchiveQuery;
  collections: { slug: string; title: string }[];
  isPseudonymised: boolean;
}

/** A plain form: it works before the page's scripts do. */
export function ArchiveFilter({ query, collections, isPseudonymised }: ArchiveFilterProps) {
  const text = [
    { name: "person", label: isPseudonymised ? "Pseudonym" : "Person", type: "text" },
    { name: "words", label: "Words", type: "text" },
    { name: "from", label: "Last used from", type: "date" },
    { name: "until", label: "Last used until", type: "date" },
  ] as const;
  const choices = [
    { name: "state", label: "State", options: stateNames.map((name) => [name, stateLabels[name]] as const) },
    {
      name: "feedback",
      label: "Feedback",
      options: feedbackKinds.map((kind) => [kind, feedbackLabels[kind]] as const),
    },
    {
      name: "collection",
      label: "Collection cited",
      options: collections.map(({ slug, title }) => [slug, title] as const),
    },
  ] as const;
  return (
    <search>
      <form action="/admin/archive" className="mt-5 mb-5 grid grid-cols-2 gap-3 lg:grid-cols-4">
        {text.map(({ name, label, type }) => (
          <label key={name} htmlFor={`archive-${name}`} className="grid content-start gap-1">
            <span className="label-caps">{label}</span>
            <input
              key={query[name]}
              id={`archive-${name}`}
              name={name}
              type={type}
              maxLength={200}
              className={field}
              defaultValue={query[name] ?? ""}
            />
          </label>
        ))}
        {choices.map(({ name, label, options }) => (
          <label key={name} htmlFor={`archive-${name}`} className="grid content-start gap-1">
            <span className="label-caps">{label}</span>
            <select
              key={query[name]}
              id={`archive-${name}`}
              name={name}
              className={field}
              defaultValue={query[name] ?? ""}
            >
              <option value="">Any</option>
              {options.map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
        <div className="flex items-end gap-2">
          <button type="submit" className={button.primary}>
            Find
          </button>
          <Link href="/admin/archive" className={button.quiet}>
            Clear
          </Link>
        </div>
      </form>
    </search>
  );
}

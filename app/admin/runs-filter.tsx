"use client";

import { useRouter } from "next/navigation";
import { field } from "#app/components/styles.ts";
import { runStatusLabels, runStatusNames } from "./labels.ts";
import { runsHref } from "./runs-address.ts";

export interface RunsFilterProps {
  collection: string | null;
  status: string | null;
  titles: Record<string, string>;
}

export function RunsFilter({ collection, status, titles }: RunsFilterProps) {
  const router = useRouter();
  const go = (next: { collection: string | null; status: string | null }) =>
    router.push(runsHref({ ...next, offset: 0 }));
  return (
    <search className="mt-4 mb-4 flex flex-wrap gap-3">
      <label className="grid w-full gap-1 text-sm sm:w-56">
        <span className="label-caps">Collection</span>
        <select
          className={field}
          value={collection ?? ""}
          onChange={(event) => go({ collection: event.target.value || null, status })}
        >
          <option value="">All</option>
          {Object.entries(titles).map(([slug, title]) => (
            <option key={slug} value={slug}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className="grid w-full gap-1 text-sm sm:w-44">
        <span className="label-caps">Status</span>
        <select
          className={field}
          value={status ?? ""}
          onChange={(event) => go({ collection, status: event.target.value || null })}
        >
          <option value="">Any</option>
          {runStatusNames.map((name) => (
            <option key={name} value={name}>
              {runStatusLabels[name]}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}

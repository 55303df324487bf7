"use client";

import { useRouter } from "next/navigation";
import { useId } from "react";
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
  const id = useId();
  return (
    <search className="mt-4 mb-4 flex flex-wrap gap-3">
      <div className="grid w-full gap-1 sm:w-56">
        <label htmlFor={`${id}-collection`} className="label-caps">
          Collection
        </label>
        <select
          id={`${id}-collection`}
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
      </div>
      <div className="grid w-full gap-1 sm:w-44">
        <label htmlFor={`${id}-status`} className="label-caps">
          Status
        </label>
        <select
          id={`${id}-status`}
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
      </div>
    </search>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { useId } from "react";
import { field } from "#app/components/styles.ts";
import { kindLabels } from "#app/conversation/feedback/own-feedback.ts";
import { feedbackKinds } from "#lib/domain.ts";
import { type FeedbackQuery, feedbackHref, readFeedbackQuery } from "./feedback-address.ts";

/** Narrows the list as soon as something is chosen. */
export function FeedbackFilter({ query }: { query: FeedbackQuery }) {
  const router = useRouter();
  const id = useId();
  const go = (change: Partial<Record<keyof FeedbackQuery, string>>) =>
    router.push(feedbackHref(readFeedbackQuery({ ...query, kind: query.kind ?? "", ...change })));
  return (
    <search className="mt-4 mb-5 grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
      <label htmlFor={`${id}-state`} className="grid gap-1 sm:w-40">
        <span className="label-caps">State</span>
        <select
          id={`${id}-state`}
          className={field}
          value={query.state}
          onChange={(event) => go({ state: event.target.value })}
        >
          <option value="open">Open</option>
          <option value="resolved">Resolved</option>
          <option value="all">Both</option>
        </select>
      </label>
      <label htmlFor={`${id}-kind`} className="grid gap-1 sm:w-60">
        <span className="label-caps">What was said</span>
        <select
          id={`${id}-kind`}
          className={field}
          value={query.kind ?? ""}
          onChange={(event) => go({ kind: event.target.value })}
        >
          <option value="">Anything</option>
          {feedbackKinds.map((kind) => (
            <option key={kind} value={kind}>
              {kindLabels[kind]}
            </option>
          ))}
        </select>
      </label>
      {(["from", "until"] as const).map((name) => (
        <label key={name} htmlFor={`${id}-${name}`} className="grid gap-1 sm:w-44">
          <span className="label-caps">{name === "from" ? "From" : "Until"}</span>
          <input
            key={query[name]}
            id={`${id}-${name}`}
            type="date"
            className={field}
            defaultValue={query[name]}
            // A year comes digit by digit: 0002, 0020, 0202 are no days that anybody means.
            onChange={({ target: { value } }) =>
              value !== query[name] && (value === "" || value >= "2000") && go({ [name]: value })
            }
          />
        </label>
      ))}
    </search>
  );
}

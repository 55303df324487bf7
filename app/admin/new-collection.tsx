"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useRef } from "react";
import { send } from "#app/components/send.ts";
import { button, field, narrowField } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { sourceTypeLabels } from "#app/conversation/labels.ts";
import { Problem, Section } from "./parts.tsx";
import { useAction } from "./use-action.ts";

/** Makes a collection of the organisation's own and opens it. */
export function NewCollection() {
  const hydrated = useHydrated();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const { busy, problem, act } = useAction();

  function make(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    void act(async () => {
      const made = await send<{ slug: string }>("POST", "/api/admin/collections", {
        title: fields.get("title"),
        sourceType: fields.get("sourceType"),
      });
      form.current?.reset();
      router.push(`/admin/collections/${encodeURIComponent(made.slug)}`);
    });
  }

  return (
    <Section id="new-collection" title="A private collection">
      <p className="mb-3 max-w-[65ch] text-ink-soft text-sm">
        Only your organisation sees and searches it, beside the shared ones: your own guidelines, for example.
      </p>
      <form ref={form} aria-labelledby="new-collection" className="flex flex-wrap items-end gap-3" onSubmit={make}>
        <label className="grid min-w-56 flex-1 gap-1.5 font-medium text-sm sm:max-w-md">
          Name of the collection
          <input className={field} name="title" required maxLength={120} />
        </label>
        <label className="grid gap-1.5 font-medium text-sm">
          Kind of documents
          <select className={narrowField} name="sourceType" defaultValue="guideline">
            {Object.entries(sourceTypeLabels).map(([type, label]) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className={button.secondary} disabled={!hydrated || busy}>
          Make it
        </button>
      </form>
      <div className="mt-2">
        <Problem>{problem}</Problem>
      </div>
    </Section>
  );
}

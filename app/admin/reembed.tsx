"use client";

import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { counted } from "#app/conversation/labels.ts";
import type { EmbeddingProvider } from "#lib/embeddings/index.ts";
import type { ReembedRequest, RunView } from "#lib/ingest-runs/index.ts";
import { Problem } from "./parts.tsx";
import { useAction } from "./use-action.ts";

const providerLabels: Record<EmbeddingProvider, string> = {
  "local-minilm": "This machine, built in",
  onnx: "This machine, an ONNX model",
  "openai-compatible": "An OpenAI-compatible server",
};

/** Asks for a space with other settings, beside the one that is searched. */
export function Reembed({ slug, embedding, passages }: { slug: string; embedding: ReembedRequest; passages: number }) {
  const [isOpen, setOpen] = useState(false);
  const [provider, setProvider] = useState(embedding.provider);
  const [model, setModel] = useState("");
  const [dimensions, setDimensions] = useState("");
  const { busy, problem, act } = useAction();
  const router = useRouter();
  const id = useId();
  if (!isOpen) {
    return (
      <button type="button" className={`${button.secondary} mt-2`} onClick={() => setOpen(true)}>
        Re-embed
      </button>
    );
  }

  function start() {
    void act(async () => {
      const run = await send<RunView>("POST", `/api/admin/collections/${encodeURIComponent(slug)}/spaces`, {
        provider,
        model: model.trim(),
        dimensions: Number(dimensions),
      });
      router.push(`/admin/runs/${run.id}`);
    });
  }

  return (
    <form
      aria-label="Re-embed"
      className="mt-3 grid max-w-2xl gap-4 rounded-lg border border-line bg-panel p-4"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <p className="text-ink-soft text-sm">
        All {counted(passages, "passage")} are embedded once more from their stored text, into a space beside the one
        that is searched. Questions go on being answered from that one; nothing changes for readers until you choose to
        search the new space. Meanwhile the vectors take their room twice. A server you name gets the text of every
        passage, and may charge for it.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="grid gap-1.5 sm:col-span-2">
          <label htmlFor={`${id}-provider`} className="font-medium text-sm">
            Embedded by
          </label>
          <select
            id={`${id}-provider`}
            className={field}
            value={provider}
            onChange={(event) => setProvider(event.target.value)}
          >
            {Object.entries(providerLabels).map(([value, label]) => (
              <option key={value} value={value}>
                {label} ({value})
              </option>
            ))}
          </select>
        </div>
        <div className="grid gap-1.5">
          <label htmlFor={`${id}-model`} className="font-medium text-sm">
            Model
          </label>
          <input
            id={`${id}-model`}
            className={field}
            value={model}
            placeholder={embedding.model}
            onChange={(event) => setModel(event.target.value)}
          />
        </div>
        <div className="grid gap-1.5">
          <label htmlFor={`${id}-dimensions`} className="font-medium text-sm">
            Dimensions
          </label>
          <input
            id={`${id}-dimensions`}
            className={`${field} tabular`}
            value={dimensions}
            inputMode="numeric"
            placeholder={String(embedding.dimensions)}
            onChange={(event) => setDimensions(event.target.value)}
          />
        </div>
      </div>
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className={button.primary} disabled={busy}>
          Fill a new space
        </button>
        <button type="button" className={button.secondary} onClick={() => setOpen(false)}>
          Cancel
        </button>
      </div>
    </form>
  );
}

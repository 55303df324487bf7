"use client";

import { FileUp } from "lucide-react";
import Link from "next/link";
import { type DragEvent, useId, useRef, useState } from "react";
import { button, textLink } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { counted } from "#app/conversation/labels.ts";
import { formatBytes } from "./figures.ts";
import { Problem } from "./parts.tsx";
import { UploadedRun } from "./uploaded-run.tsx";
import { type UploadFile, useUpload } from "./use-upload.ts";

/** PDFs dropped or chosen are sent at once; a run takes them in when all are there. */
export function UploadGuidelines({ slug, byteLimit }: { slug: string; byteLimit: number }) {
  const { files, run, problem, add, start, again } = useUpload(slug, byteLimit);
  const [isStarting, setStarting] = useState(false);
  const kept = files.filter(({ state }) => state === "kept").length;
  const isSending = files.some(({ state }) => state === "chosen" || state === "sending");
  return (
    <div className="mt-5 max-w-3xl">
      {!run && <DropZone onFiles={add} byteLimit={byteLimit} />}
      {files.length > 0 && !run && (
        <ul aria-label="Files" className="mt-4 divide-y divide-line border-line border-y">
          {files.map((file) => (
            <FileItem key={file.name} file={file} />
          ))}
        </ul>
      )}
      <div className="mt-4 grid justify-items-start gap-3">
        <Problem>{problem}</Problem>
        {files.length > 0 && !run && (
          <button
            type="button"
            className={button.primary}
            disabled={isSending || kept === 0 || isStarting}
            onClick={async () => {
              setStarting(true);
              await start();
              setStarting(false);
            }}
          >
            {isSending ? "Sending …" : `Take ${counted(kept, "file")} in`}
          </button>
        )}
        {run && (
          <>
            <p>
              A run takes the files in.{" "}
              <Link href={`/admin/runs/${run.id}`} className={textLink}>
                See the run
              </Link>
            </p>
            <UploadedRun run={run} refused={files.filter(({ state }) => state === "refused")} />
            <button type="button" className={button.secondary} onClick={again}>
              Upload more
            </button>
          </>
        )}
      </div>
    </div>
  );
}

function DropZone({ onFiles, byteLimit }: { onFiles: (files: File[]) => void; byteLimit: number }) {
  const [isOver, setOver] = useState(false);
  const isHydrated = useHydrated();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  }
  return (
    <section
      aria-label="Drop PDFs here"
      className={`grid justify-items-center gap-3 rounded-lg border-2 border-dashed px-6 py-10 text-center ${isOver ? "border-accent bg-accent-wash" : "border-line-strong bg-panel"}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileUp className="size-7 text-accent" aria-hidden="true" />
      <p className="font-medium">Drop PDFs here</p>
      <button type="button" className={button.secondary} disabled={!isHydrated} onClick={() => input.current?.click()}>
        Choose files
      </button>
      <label htmlFor={id} className="sr-only">
        PDF files
      </label>
      <input
        ref={input}
        id={id}
        type="file"
        accept="application/pdf,.pdf"
        multiple
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file chosen once more is a change only if nothing is chosen now.
          event.target.value = "";
        }}
      />
      <p className="text-ink-faint text-sm">Up to {formatBytes(byteLimit)} each. Nothing is taken in yet.</p>
    </section>
  );
}

const stateLabels = { chosen: "Waiting", sending: "Sending", kept: "Sent", refused: "Refused" };

function FileItem({ file }: { file: UploadFile }) {
  const { name, size, state, sent, problem } = file;
  const percent = Math.floor(sent * 100);
  return (
    <li className="grid gap-x-6 gap-y-1 py-2.5 text-sm sm:grid-cols-2">
      <span className="min-w-0 break-words font-medium">
        {name} <span className="tabular font-normal text-ink-faint">{formatBytes(size)}</span>
      </span>
      <span className={state === "refused" ? "text-danger" : "text-ink-soft"}>
        {state === "chosen" || state === "sending" ? (
          <span className="flex items-center gap-3">
            <progress
              className="h-1.5 min-w-0 flex-1 accent-accent"
              max={100}
              value={percent}
              aria-label={`${name} is sent`}
            />
            <span className="tabular w-20 text-right">
              {stateLabels[state]} {state === "sending" && `${percent} %`}
            </span>
          </span>
        ) : (
          <>
            {stateLabels[state]}
            {problem && `: ${problem}`}
          </>
        )}
      </span>
    </li>
  );
}

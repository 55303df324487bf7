"use client";

import { useEffect, useRef, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import type { RunView } from "#lib/ingest-runs/index.ts";
import { formatBytes } from "./figures.ts";
import { sendFile } from "./send-file.ts";
import { freeName } from "./upload-names.ts";

export interface UploadFile {
  name: string;
  size: number;
  state: "chosen" | "sending" | "kept" | "refused";
  /** Share sent, 0 to 1. */
  sent: number;
  problem: string | null;
}

/** Files on their way into a collection, one after the other, and the run over what was kept. */
export function useUpload(slug: string, byteLimit: number) {
  const path = `/api/admin/collections/${encodeURIComponent(slug)}/uploads`;
  const [files, setFiles] = useState<UploadFile[]>([]);
  const [run, setRun] = useState<RunView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const names = useRef<string[]>([]);
  const upload = useRef<Promise<{ id: string }> | null>(null);
  const sending = useRef<Promise<void>>(Promise.resolve());
  const abort = useRef<AbortController | null>(null);
  // Made here, so that a page shown twice by React's strict mode can still send.
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    return () => controller.abort();
  }, []);

  const change = (name: string, next: Partial<UploadFile>) =>
    setFiles((before) => before.map((file) => (file.name === name ? { ...file, ...next } : file)));

  function add(chosen: File[]) {
    for (const file of chosen) {
      const name = freeName(file.name, names.current);
      names.current.push(name);
      setFiles((before) => [...before, { name, size: file.size, state: "chosen", sent: 0, problem: null }]);
      sending.current = sending.current.then(() => put(name, file));
    }
  }

  async function put(name: string, file: File) {
    if (abort.current?.signal.aborted) return;
    try {
      if (file.size > byteLimit) {
        change(name, { state: "refused", problem: `It is larger than ${formatBytes(byteLimit)}, the limit here.` });
        return;
      }
      change(name, { state: "sending" });
      upload.current ??= send<{ id: string }>("POST", path, {}).catch((error) => {
        upload.current = null;
        throw error;
      });
      const { id } = await upload.current;
      const signal = abort.current?.signal ?? new AbortController().signal;
      await sendFile(`${path}/${id}/files?name=${encodeURIComponent(name)}`, file, {
        signal,
        onProgress: (sent) => change(name, { sent }),
      });
      change(name, { state: "kept", sent: 1 });
    } catch (error) {
      change(name, { state: "refused", problem: messageOf(error) });
    }
  }

  async function start() {
    setProblem(null);
    try {
      const { id } = (await upload.current) as { id: string };
      setRun(await send<RunView>("POST", `${path}/${id}/run`, {}));
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  function again() {
    names.current = [];
    upload.current = null;
    setFiles([]);
    setRun(null);
    setProblem(null);
  }

  return { files, run, problem, add, start, again };
}

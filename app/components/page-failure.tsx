"use client";

import Link from "next/link";
import { useEffect } from "react";
import { Message } from "./message-page.tsx";
import { button } from "./styles.ts";

export interface FailureProps {
  error: unknown;
  retry: () => void;
}

export function PageFailure({ error, retry }: FailureProps) {
  useEffect(() => console.error(error), [error]);
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <Message title="This page could not be shown">
      <p>
        Nothing you have asked or received is lost: it is stored on the server. Most often a backend is restarting and
        trying again in a few seconds helps. <a href="/api/health">The health page</a> names the one that is down.
      </p>
      {digest && (
        <p className="text-sm">
          For your administrator: <code className="tabular rounded bg-panel px-1.5 py-0.5">{digest}</code>
        </p>
      )}
      <p className="flex flex-wrap gap-2">
        <button type="button" className={button.primary} onClick={() => retry()}>
          Try again
        </button>
        <Link href="/" className={button.secondary}>
          New question
        </Link>
      </p>
    </Message>
  );
}

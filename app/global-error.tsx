"use client";

import { useEffect } from "react";

/** Stands in for the whole document, so it brings its own few styles. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <html lang="en" style={{ colorScheme: "light dark" }}>
      <body
        style={{ fontFamily: "system-ui, sans-serif", margin: "15vh auto", maxWidth: "36rem", padding: "0 1.25rem" }}
      >
        <title>Probatum</title>
        <main>
          <h1>Probatum could not be shown</h1>
          <p>Nothing you have asked or received is lost. Most often trying again in a few seconds helps.</p>
          <button type="button" onClick={() => retry()}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}

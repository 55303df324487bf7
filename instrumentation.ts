/** Next.js calls this once when the server starts. */
export async function register(): Promise<void> {
  // Set by Next.js at build time; the edge bundle must not even see the import.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  // The door comes first: no request is to pass before it stands.
  const { serveEventStreams } = await import("#app/api/event-server.ts");
  serveEventStreams();
  const { openFrontDoor } = await import("#app/api/front-door.ts");
  openFrontDoor();
  const { startServing } = await import("#lib/serve.ts");
  await startServing();
}

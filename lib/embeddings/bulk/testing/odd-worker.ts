import type { FromProcess, ToProcess } from "../messages.ts";

// Stands for an embedding process: a text's vector is its length, this process's id and the
// number of its batch; some words have effects.
// It keeps the text "wait" until it is sent "go on".
process.on("disconnect", () => process.exit(0));
let batches = 0;
let held: (() => void) | undefined;

process.on("message", (message: ToProcess) => {
  if ("model" in message) return;
  const { id, texts } = message;
  const batch = batches++;
  const answer = () =>
    process.send?.({
      id,
      vectors: texts.map((text) => Float32Array.of(text.length, process.pid, batch)),
    } satisfies FromProcess);
  if (texts.includes("die")) process.kill(process.pid, "SIGKILL");
  else if (texts.includes("wait")) held = answer;
  else answer();
  if (texts.includes("go on")) held?.();
});

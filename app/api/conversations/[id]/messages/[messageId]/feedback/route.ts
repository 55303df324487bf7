import { giveFeedback, withdrawFeedback } from "#lib/feedback/index.ts";
import { handle, json } from "../../../../../handle.ts";
import { readJson } from "../../../../../read-json.ts";

type Parameters = { id: string; messageId: string };

/** `{ kind, note?, sentenceIndex? }`: of the whole answer without an index. */
export const PUT = handle<Parameters>(async ({ request, deps, viewer, params }) => {
  return json(await giveFeedback(deps, viewer, params.id, params.messageId, await readJson(request)));
});

/** Takes back what was said of the whole answer; with `?sentence=` its index, of that sentence. */
export const DELETE = handle<Parameters>(async ({ request, deps, viewer, params }) => {
  const sentence = new URL(request.url).searchParams.get("sentence");
  await withdrawFeedback(deps, viewer, params.id, params.messageId, sentence);
  return new Response(null, { status: 204 });
});

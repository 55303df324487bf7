import { type ModelRequest, type ModelServer, startModelServer } from "#lib/chat-models/testing/index.ts";

const openings = "First Then Next Further Moreover Also Besides Likewise Again Thereafter Finally Lastly".split(" ");

/** A model that writes one sentence after another, each a quote of its first passage, so that an answer takes seconds. */
export function startSlowModel(options: {
  sentences: number;
  /** Milliseconds before a sentence. */
  pause: () => number;
}): Promise<ModelServer> {
  return startModelServer({
    reply: (request) => {
      const quote = firstSentence(request);
      return (async function* () {
        for (const opening of openings.slice(0, options.sentences)) {
          await new Promise((resolve) => setTimeout(resolve, options.pause()));
          yield `${JSON.stringify({ text: `${opening}: ${quote}`, quotes: [{ passage: 1, quote }] })}\n`;
        }
      })();
    },
  });
}

function firstSentence(request: ModelRequest): string {
  const prompt = request.messages.map(({ content }) => content).join("\n");
  const block = /<passage number="1">\n(?:.+\n)+\n([\s\S]*?)\n<\/passage>/.exec(prompt)?.[1] ?? "";
  return block.split(/(?<=[.!?])\s/)[0] ?? "";
}

import type { Deps } from "../../deps.ts";
import { defaultSpace } from "../../embeddings/index.ts";

/** A message as its vector takes it: an answer's is of its question and what it said. */
interface EmbeddedMessage {
  content: string;
  /** An answer's question. */
  question: string | null;
}

export type EmbedMessages = (messages: EmbeddedMessage[]) => Promise<ArrayLike<number>[]>;

// More than a model of 256 tokens can take in.
const embeddedCharacters = 4000;

/** Vectors by which one's messages are found, in the order of the messages. */
export async function openMessageEmbedder(deps: Pick<Deps, "embeddingsOf">): Promise<EmbedMessages> {
  const embeddings = await deps.embeddingsOf(defaultSpace);
  return (messages) => embeddings.embedVectors(messages.map(textOf));
}

function textOf({ question, content }: EmbeddedMessage): string {
  const said = content.slice(0, embeddedCharacters);
  return question === null ? said : `${question.slice(0, embeddedCharacters)}\n${said}`;
}

import { insertConversation, removeConversation } from "#db/index.ts";
import { guardQuestion } from "../ask/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { questionRedactor } from "../identifiers/index.ts";
import { parseInput, questionInput } from "./input.ts";
import { type Posted, postMessage } from "./post-message.ts";

const titleLength = 120;

/** Opens a conversation with its first question, which also names it. @throws ForbiddenError for readers */
export async function createConversation(deps: Deps, viewer: Viewer, input: unknown): Promise<Posted> {
  await permit(deps, viewer, "ask", "ask");
  const { question, notIdentifiers } = parseInput(questionInput, input);
  guardQuestion(question);
  const redact = await questionRedactor(deps, viewer, question, notIdentifiers);
  const id = await insertConversation(deps.database, viewer, titleOf(redact([]).text));
  try {
    return await postMessage(deps, viewer, id, input);
  } catch (error) {
    await removeConversation(deps.database, viewer, id); // a conversation without its question is nothing a reader asked for
    throw error;
  }
}

function titleOf(question: string): string {
  if (question.length <= titleLength) return question;
  const cut = question.lastIndexOf(" ", titleLength - 1);
  return `${question.slice(0, cut > 40 ? cut : titleLength - 1)}…`;
}

import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { lookUpNames } from "#db/index.ts";
import type { Understanding } from "../../domain.ts";
import { isSpanish } from "../language.ts";
import type { AskDeps } from "../types.ts";
import { carrySubjects } from "./carry.ts";
import { type NamedCollection, readTerms } from "./read-terms.ts";
import type { Change } from "./types.ts";
import { rewriteWithModel } from "./with-model.ts";

export { isRead } from "./read-terms.ts";

/** What is searched for, and in which languages' stems. */
export interface UnderstoodQuestion extends Understanding {
  /** Text search configurations whose lexemes are looked up, e.g. `english`. */
  configs: string[];
}

export type UnderstandDeps = Pick<AskDeps, "database" | "chatModel" | "log">;

export interface QuestionToUnderstand {
  question: string;
  /** Oldest first. */
  earlierQuestions: string[];
  collections: NamedCollection[];
  signal?: AbortSignal | undefined;
}

/**
 * The question as it is searched: a follow-up with the subject of what was asked before, its words in the documents' own.
 * Every change is told. A model, where there is one, makes a follow-up whole and splits a broad question; when it fails
 * in any way the rules do what they can.
 * @throws storage errors as they are
 */
export async function understandQuestion(
  deps: UnderstandDeps,
  input: QuestionToUnderstand,
): Promise<UnderstoodQuestion> {
  const whole = await wholeQuestion(deps, input);
  const [read, ...parts] = await Promise.all(
    [whole.text, ...whole.parts].map((text) => readTerms(deps, text, input.collections)),
  );
  const changes = [...whole.changes, ...[read, ...parts].flatMap((one) => one?.changes ?? [])];
  return {
    searchText: read?.text ?? whole.text,
    parts: parts.map(({ text }) => text),
    changes: [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()],
    configs: isSpanish(input.question) ? ["english", "spanish"] : ["english"],
  };
}

interface WholeQuestion {
  text: string;
  parts: string[];
  changes: Change[];
}

async function wholeQuestion(deps: UnderstandDeps, input: QuestionToUnderstand): Promise<WholeQuestion> {
  const { question, earlierQuestions, collections, signal } = input;
  const byRules = () => ({ parts: [], ...carrySubjects(question, earlierQuestions) });
  if (!deps.chatModel || !mayNeedModel(question, earlierQuestions)) return byRules();
  const ids = collections.map(({ id }) => id);
  const drugNames = async (words: string[]) => {
    const { names } = await lookUpNames(deps.database, ids, words, []);
    return names.filter(({ kind }) => kind === "brand" || kind === "substance").map(({ surface }) => surface);
  };
  try {
    const model = deps.chatModel.model as BaseChatModel;
    const rewritten = await rewriteWithModel({ model, question, earlierQuestions, drugNames, signal });
    const isSame = folded(rewritten.question) === folded(question);
    return {
      text: isSame ? question : rewritten.question,
      parts: rewritten.parts,
      changes: isSame ? [] : [{ kind: "standalone", from: question, to: rewritten.question }],
    };
  } catch (error) {
    if (signal?.aborted) throw error;
    deps.log.warn({ err: error, model: deps.chatModel.name }, "the model did not rewrite the question; rules do");
    return byRules();
  }
}

/** A first question that asks one short thing is searched as it is: a model's call would only cost its time. */
function mayNeedModel(question: string, earlierQuestions: string[]): boolean {
  return (
    earlierQuestions.length > 0 ||
    /\band\b|;|\?.+\?|\bversus\b|\bvs\b|\bcompare/is.test(question) ||
    question.length > 200
  );
}

function folded(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}

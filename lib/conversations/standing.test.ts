import { afterAll, beforeAll, expect, test } from "vitest";
import { findCollection, finishAnswer, insertConversation, insertQuestion } from "#db/index.ts";
import { emptyAnswer } from "../ask/index.ts";
import type { Deps } from "../deps.ts";
import type { AnswerResult, Citation } from "../domain.ts";
import { addDocuments, makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { finishedAnswer } from "./finished-answer.ts";
import { getConversation, listMarkedAnswers } from "./index.ts";

const label = { id: "label", title: "A label", text: "Do not give it to people who bleed." };
const trial = { id: "trial", title: "A trial", text: "Nobody who bled came to harm." };

let deps: Deps;
beforeAll(async () => {
  deps = await openTestDeps();
});
afterAll(() => deps?.close());

test("what a warning or a contrast quotes is marked when its source is retracted later", async () => {
  const viewer = await makeViewer(deps);
  const slug = await makeCorpus(deps, [label, trial]);
  const collection = await findCollection(deps.database, viewer.tenantId, slug);
  if (!collection) throw new Error("the corpus is gone");
  const quoting = async ({ id, title, text }: typeof label): Promise<Citation> => {
    const { rows } = await deps.database.pool.query<{ id: string }>(
      "select id::text from documents where collection_id = $1 and source_id = $2",
      [collection.id, id],
    );
    return {
      number: 1,
      collection: slug,
      collectionTitle: "Hand-written",
      documentId: rows[0]?.id ?? "",
      sourceId: id,
      title,
      section: null,
      page: null,
      quote: text,
      start: 0,
      end: text.length,
      publishedOn: null,
      evidenceLevel: "label",
      status: "current",
      isSample: false,
    };
  };
  const [warned, tried] = [await quoting(label), await quoting(trial)];
  const result: AnswerResult = {
    ...emptyAnswer(null),
    warnings: [{ kind: "contraindication", drug: "it", citations: [warned] }],
    contrasts: [
      {
        about: "bleeding",
        sides: [
          { label: "Label", citation: warned },
          { label: "Trial", citation: tried },
        ],
      },
    ],
  };
  const conversationId = await insertConversation(deps.database, viewer, "May it be given?");
  const asked = { question: "May it be given?", collections: [], eventsAfter: "0" };
  const stored = await insertQuestion(deps.database, viewer, conversationId, asked);
  if (!stored) throw new Error("the question was refused");
  await finishAnswer(deps.database, stored.answer, finishedAnswer(result, null));
  const statuses = async () => {
    const { messages } = await getConversation(deps, viewer, conversationId);
    const answer = messages.at(-1)?.answer;
    const quoted = [
      ...(answer?.warnings.flatMap(({ citations }) => citations) ?? []),
      ...(answer?.contrasts.flatMap(({ sides }) => sides.map(({ citation }) => citation)) ?? []),
    ];
    return quoted.map(({ sourceId, today }) => [sourceId, today?.status]);
  };
  expect(await statuses()).toEqual([
    ["label", "current"],
    ["label", "current"],
    ["trial", "current"],
  ]);
  await addDocuments(deps, collection, [{ ...trial, status: "retracted" }]);
  expect(await statuses()).toEqual([
    ["label", "current"],
    ["label", "current"],
    ["trial", "retracted"],
  ]);
  const administrator = { ...(await makeViewer(deps, viewer.tenantId)), role: "administrator" as const };
  const { answers } = await listMarkedAnswers(deps, administrator, {});
  expect(answers.map(({ messageId }) => messageId)).toEqual([stored?.answer.id]);
});

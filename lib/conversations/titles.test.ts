import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { handWritten } from "../testing/hand-written.ts";
import { createConversation, getConversation, listConversations, renameConversation } from "./index.ts";

describe("a title that was made of a question with identifiers", () => {
  let deps: Deps;
  let viewer: Viewer;

  beforeAll(async () => {
    deps = await openTestDeps();
    viewer = await makeViewer(deps);
    await makeCorpus(deps, handWritten);
  });

  afterAll(() => deps.close());

  test("is kept with placeholders and shown with the person's own words", async () => {
    const question = "Should Mrs Wilhelmina Miller, MRN 40718823, stop apixaban?";
    const { conversationId } = await createConversation(deps, viewer, { question });
    const { rows } = await deps.database.pool.query("select title from conversations where id = $1", [conversationId]);
    expect(rows).toEqual([{ title: "Should Mrs [NAME-1], MRN [RECORD-1], stop apixaban?" }]);
    const { conversations } = await listConversations(deps, viewer);
    expect(conversations.map(({ title }) => title)).toEqual([question]);
    expect((await getConversation(deps, viewer, conversationId)).title).toBe(question);
    const renamed = await renameConversation(deps, viewer, conversationId, { title: "Apixaban of Wilhelmina Miller" });
    expect(renamed.title).toBe("Apixaban of Wilhelmina Miller");
  });
});

import {
  type Database,
  type FinishedAnswer,
  finishAnswer,
  insertConversation,
  insertQuestion,
  openDatabase,
  type Reader,
  saveProgress,
} from "#db/index.ts";

/** Runs the work while so many writers ask and are answered without a pause, each in a conversation of its own. */
export async function withWriters<T>(
  database: Database,
  url: string,
  count: number,
  work: () => Promise<T>,
): Promise<T> {
  const own = await openDatabase({ url, max: count });
  const { rows: owners } = await database.pool.query<Reader>(
    `select tenant_id as "tenantId", user_id as "userId" from members order by user_id limit $1`,
    [count],
  );
  const { rows: answers } = await database.pool.query<{ answer: unknown }>("select answer from made.answers limit 50");
  const made: string[] = [];
  let isOver = false;
  const write = async (owner: Reader) => {
    const id = await insertConversation(own, owner, "Written by the bench");
    made.push(id);
    for (let turn = 0; !isOver; turn += 1) {
      const question = `What is said of it the ${turn}th time it is asked?`;
      const stored = await insertQuestion(own, owner, id, { question, collections: [], eventsAfter: "0" });
      if (!stored) throw new Error("a writer may not write in its own conversation");
      const { answer } = answers[turn % answers.length] as { answer: unknown };
      const content = `${question} `.repeat(12);
      const { id: answerId, month } = stored.answer;
      await saveProgress(own, [{ id: answerId, month, content, answer }]);
      await finishAnswer(own, stored.answer.id, { ...finished, content, answer });
    }
  };
  const writing = Promise.all(owners.map(write));
  try {
    const result = await Promise.race([work(), writing.then(() => Promise.reject(new Error("the writers stopped")))]);
    return result;
  } finally {
    isOver = true;
    await writing.catch(() => undefined);
    await database.pool.query("delete from conversations where id = any($1::uuid[])", [made]);
    await own.close();
  }
}

const finished: Omit<FinishedAnswer, "content" | "answer"> = {
  status: "complete",
  sources: [],
  model: null,
  tokensUsed: null,
  citations: [],
  receipt: null,
};

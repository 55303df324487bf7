import { once } from "node:events";
import {
  type FinishedAnswer,
  finishAnswer,
  insertConversation,
  insertQuestion,
  openDatabase,
  type Reader,
  saveProgress,
} from "#db/index.ts";

/**
 * A process of writers: each asks and is answered without a pause, in a conversation of its own, until it is told to
 * end; then what was written is deleted. Arguments: the database's address, how many writers.
 */
const [url = "", count = "1"] = process.argv.slice(2);
const database = await openDatabase({ url, max: Number(count) });
const { rows: owners } = await database.pool.query<Reader>(
  `select tenant_id as "tenantId", user_id as "userId" from members order by user_id limit $1`,
  [count],
);
const { rows: answers } = await database.pool.query<{ answer: unknown }>("select answer from made.answers limit 50");
const finished: Omit<FinishedAnswer, "content" | "answer"> = {
  status: "complete",
  sources: [],
  model: null,
  tokensUsed: null,
  citations: [],
  receipt: null,
};

const made: string[] = [];
let turns = 0;
let isOver = false;

async function write(owner: Reader): Promise<void> {
  const id = await insertConversation(database, owner, "Written by the bench");
  made.push(id);
  for (let turn = 0; !isOver; turn += 1) {
    const question = `What is said of it the ${turn}th time it is asked?`;
    const stored = await insertQuestion(database, owner, id, { question, collections: [], eventsAfter: "0" });
    if (!stored) throw new Error("a writer may not write in its own conversation");
    const { answer } = answers[turn % answers.length] as { answer: unknown };
    const content = `${question} `.repeat(12);
    await saveProgress(database, [{ ...stored.answer, content, answer }]);
    await finishAnswer(database, stored.answer, { ...finished, content, answer });
    turns += 1;
  }
}

const writing = Promise.all(owners.map(write));
process.send?.("writing");
await Promise.race([once(process, "disconnect"), writing]);
isOver = true;
await writing;
await database.pool.query("delete from conversations where id = any($1::uuid[])", [made]);
await database.close();
process.stderr.write(`${turns} questions were asked and answered meanwhile\n`);

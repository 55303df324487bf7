import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Viewer } from "../auth/index.ts";
import { type ModelServer, startModelServer } from "../chat-models/testing/index.ts";
import {
  chat,
  createConversation,
  embedMessages,
  getConversation,
  labelConversation,
  listMessages,
  postMessage,
  regenerateAnswer,
  renameConversation,
  searchMessages,
  subscribe,
} from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationEvent } from "../domain.ts";
import { toResponse } from "../errors.ts";
import { gatherExport } from "../exports/gather.ts";
import { giveFeedback } from "../feedback/index.ts";
import { changeIdentifierPolicy } from "../identifiers/index.ts";
import { log } from "../log.ts";
import { getReceipt } from "../receipts/index.ts";
import { HashedEmbeddings, makeCorpus, makeViewer, openTestDeps, withModel } from "../testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";

/** Fifty identifiers of all kinds, each in a question as a clinician types it; `«»` is where it stands. */
const questions: [question: string, canary: string][] = [
  ["Mrs «» takes warfarin: what starting dose?", "Wilhelmina Featherstonehaugh"],
  ["Patient: «». How is warfarin begun?", "Bartholomew Quillfeather"],
  ["How should Mr «» begin warfarin?", "Ignatius O'Shaughnessy"],
  ["Dr «» asks for the warfarin target INR.", "Thaddeus Blenkinsopp"],
  ["My patient's name is «»; which INR target for warfarin?", "Octavia Marchbanks"],
  ["Her daughter Rebecca «» asks when warfarin is begun.", "Wolstenholme"],
  ["Next of kin: «». Warfarin dose?", "Cornelius Abernathy"],
  ["«», 93M, on warfarin: is 5 mg daily right?", "Jonathan Threlkeld"],
  ["Dear Professor «», what starting dose of warfarin?", "Engelbert Humperdale"],
  ["Spoke with Emily «» about her warfarin dose: 5 mg daily?", "Cholmondeley"],
  ["DOB «», what dose of warfarin?", "17/09/1934"],
  ["Admitted on «» with AF: how to begin warfarin?", "2024-11-23"],
  ["Born on «»; which target INR on warfarin?", "4 February 1937"],
  ["Seen on «» for warfarin: what INR?", "Nov 19, 2023"],
  ["Operated «»: when does warfarin start?", "08-07-2022"],
  ["Is warfarin 5 mg right for a «»-year-old?", "97"],
  ["She is aged «»: which warfarin dose?", "103"],
  ["MRN «»: starting dose of warfarin?", "84759301"],
  ["Hospital number «», warfarin dose?", "RX7718203"],
  ["Patient ID: «». How is warfarin begun?", "PT-5520917"],
  ["Account number «», warfarin starting dose?", "66190284751"],
  ["Member ID «»: is warfarin begun at 5 mg?", "XEH920118473"],
  ["Insurance policy number «». Warfarin dose?", "POL-7736120"],
  ["National insurance QQ? Hers is «»; warfarin?", "AB 83 91 27 C"],
  ["NHS number «»; which INR on warfarin?", "943 476 5919"],
  ["Her number is «», warfarin begun at what dose?", "401 023 2137"],
  ["SSN «»: warfarin dose?", "219-47-8832"],
  ["Social security number is «»; warfarin?", "518-22-6604"],
  ["Call back on «» about the warfarin dose.", "07700 900461"],
  ["Phone: «» for the INR on warfarin, what target?", "(212) 555-0187"],
  ["His son is on «»; when is warfarin begun?", "+44 20 7946 0821"],
  ["Fax the warfarin plan to «»: what dose?", "0161 496 0733"],
  ["E-mail «» the warfarin dose?", "w.featherston@kestrelmail.example"],
  ["Send to «»: which INR on warfarin?", "thaddeus77@oakbarn.example.org"],
  ["Lives at «», what warfarin dose?", "48 Larkspur Crescent, Ambleford"],
  ["Address: «». Warfarin starting dose?", "Flat 6, 219 Tanyard Lane"],
  ["Her home is at «»; is warfarin begun at 5 mg?", "1744 Wisteria Avenue"],
  ["Postcode «»: which clinic starts warfarin?", "LS6 9QT"],
  ["ZIP code «»: warfarin dose?", "60647"],
  ["Transferred from «» on warfarin: what INR?", "Ravensmoor General Hospital"],
  ["She lives in «»; when does warfarin start?", "Thistlewick"],
  ["Her page is «» : warfarin dose?", "https://families.example/featherstonehaugh"],
  ["Logged in from «»: warfarin dose?", "203.0.113.87"],
  ["Card «» was charged; warfarin dose?", "4111 1111 1111 1111"],
  ["IBAN «» for the fee; warfarin INR?", "GB82WEST12345698765432"],
  ["Driver's licence number «»; warfarin dose?", "FEATH612094W99"],
  ["Pacemaker serial number «» and AF: warfarin INR?", "PJN8831204"],
  ["Device MAC «» of the INR monitor; warfarin?", "00:1B:44:11:3A:B7"],
  ["Licence plate: «». May she drive on warfarin?", "KX68ZPD"],
  ["GMC number «» prescribed warfarin: what dose?", "7294418"],
];
/** Each is one that the corpus answers, so that the model is asked. */
const written = questions.map(([question, canary]) => `${question.replace("«»", canary)} ${warfarinQuestion}`);

/** What must not be found: the identifier, its longer words, and its digits without their spacing. */
const needles = questions.flatMap(([, canary]) => {
  if (/^\d{1,5}$/.test(canary)) return []; // a short number stands anywhere: it is looked for with its words, below
  const words = canary
    .split(/[\s,]+/)
    .filter((word) => /^\p{Lu}\p{L}{6,}/u.test(word) && !/^(?:General|Hospital|Crescent)$/.test(word));
  const digits = canary.replace(/[\s()+-]/g, "");
  return [canary, ...words, ...(/\d{7}/.test(digits) ? [digits] : [])];
});
const short = ["97-year-old", "aged 103", "code 60647"];

function canariesIn(text: string): string[] {
  const lower = text.toLowerCase();
  return [...needles, ...short].filter((needle) => lower.includes(needle.toLowerCase()));
}

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

test("there are fifty of them, no two alike", () => {
  expect(new Set(questions.map(([, canary]) => canary)).size).toBe(50);
});

describe("identifiers on embedded Postgres and memory", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl) {
  describe("identifiers on a real Postgres and Redis", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
} else {
  describe.skip("identifiers on a real Postgres and Redis (skipped: DATABASE_URL or REDIS_URL is not set)", () =>
    suite(() => openTestDeps()));
}

function suite(open: () => Promise<Deps>): void {
  let opened: Deps;
  let deps: Deps;
  let server: ModelServer;
  let slug: string;
  let failing = false;
  /** Keys that Redis had before: of other tests. */
  let before = new Set<string>();
  const lines: string[] = [];
  const embedded: string[] = [];
  const kept: string[] = [];
  const responses: string[] = [];

  beforeAll(async () => {
    opened = await open();
    before = new Set(await keysOfRedis());
    slug = await makeCorpus(opened, handWritten);
    server = await startModelServer({
      reply: ({ messages }) => {
        if (failing) return { status: 400, message: `cannot do: ${messages.at(-1)?.content}` };
        // A name that the question has and the model repeats.
        const name = /Question:.*?(\[NAME-\d+\])/s.exec(messages.at(-1)?.content ?? "")?.[1];
        return [modelLine(name ? `For ${name}, begin with 5 mg daily.` : "Begin with 5 mg daily.", warfarinQuote)];
      },
    });
    const model = await withModel(opened, server.url);
    const embeddings = new HashedEmbeddings();
    const recorded =
      <Arguments extends unknown[], Result>(sink: string[], work: (...given: Arguments) => Result) =>
      (...given: Arguments): Result => {
        sink.push(JSON.stringify(given));
        return work(...given);
      };
    const watched = Object.assign(new HashedEmbeddings(), {
      embedQuery: recorded(embedded, embeddings.embedQuery),
      embedDocuments: recorded(embedded, embeddings.embedDocuments),
      embedVectors: recorded(embedded, embeddings.embedVectors),
    });
    const { cache, events } = opened;
    deps = {
      ...model,
      embeddingsOf: async () => watched,
      cache: Object.assign(Object.create(cache) as typeof cache, {
        get: recorded(kept, cache.get.bind(cache)),
        set: recorded(kept, cache.set.bind(cache)),
      }),
      events: Object.assign(Object.create(events) as typeof events, {
        append: recorded(kept, events.append.bind(events)),
      }),
    };
    const stream = (log as unknown as Record<symbol, { write(line: string): void }>)[pino.symbols.streamSym];
    if (!stream) throw new Error("the log has no stream");
    vi.spyOn(stream, "write").mockImplementation((line) => void lines.push(line));
  });
  beforeEach(() => {
    log.level = "trace";
  });
  afterEach(async () => {
    failing = false;
    await Promise.all([...deps.running.values()].map(({ done }) => done));
  });
  afterAll(async () => {
    log.level = "silent";
    vi.restoreAllMocks();
    await server?.close();
    await opened?.close();
  });

  const settled = (messageId: string) => deps.running.get(messageId)?.done;
  const asked = (question: string) => ({ question, collections: [slug] });

  /** Ten questions in one conversation, each of another way in. */
  async function askTen(viewer: Viewer, ten: string[]): Promise<string> {
    const [first, ...others] = ten as [string, ...string[]];
    const { conversationId: id, answer } = await createConversation(deps, viewer, asked(first));
    await settled(answer.id);
    for (const [at, question] of others.entries()) {
      if (at === 3) {
        const end = new AbortController();
        for await (const event of chat(deps, viewer, { ...asked(question), conversationId: id }, end.signal)) {
          if (event.type === "message" && event.message.role === "user") expect(event.message.content).toBe(question);
        }
        continue;
      }
      // As an edit is: another first question beside the others.
      const posted = await postMessage(deps, viewer, id, { ...asked(question), ...(at === 5 && { parentId: null }) });
      expect(posted.question.content).toBe(question);
      await settled(posted.answer.id);
      if (at === 7) await settled((await regenerateAnswer(deps, viewer, id, posted.answer.id)).answer.id);
    }
    return id;
  }

  async function failed(work: () => Promise<unknown>): Promise<Response> {
    try {
      await work();
    } catch (error) {
      log.error({ err: error }, "provoked");
      const response = toResponse(error);
      responses.push(await response.clone().text());
      return response;
    }
    throw new Error("nothing failed");
  }

  test("reach no model, cache, stream, log, error, vector or table but messages.identifiers, and their reader keeps them", async () => {
    const viewers: Viewer[] = [];
    for (let from = 0; from < 50; from += 10) {
      const viewer = await makeViewer(deps);
      viewers.push(viewer);
      const ten = written.slice(from, from + 10);
      const id = await askTen(viewer, ten);

      const shown = await getConversation(deps, viewer, id);
      const own = shown.messages.filter(({ role }) => role === "user").map(({ content }) => content);
      expect(own).toEqual(ten);
      const page = await listMessages(deps, viewer, id, { limit: 200 });
      expect(page.messages.filter(({ role }) => role === "user").map(({ content }) => content)).toEqual(ten);
      const exported = await gatherExport(deps, viewer, id, { wholly: true });
      expect(new Set(exported.turns.map(({ question }) => question))).toEqual(new Set(ten));

      const answer = shown.messages.find(({ role, status }) => role === "assistant" && status === "complete");
      if (!answer) throw new Error("nothing was answered");
      responses.push(JSON.stringify(await getReceipt(deps, viewer, id, answer.id)));
      const [canary] = ten;
      await renameConversation(deps, viewer, id, { title: canary });
      const [wording = "", identifier = ""] = questions[from] ?? [];
      const label = `${wording.slice(0, wording.indexOf("«»"))}${identifier}`;
      await labelConversation(deps, viewer, id, { labels: [label] });
      await giveFeedback(deps, viewer, id, answer.id, { kind: "wrong", note: `${canary} Not so.` });
      for (const question of ten) await searchMessages(deps, viewer, { query: question });

      // What is replayed to a reader has their words; the stream itself has not.
      const end = new AbortController();
      const told: ConversationEvent[] = [];
      const replay = await subscribe(deps, viewer, id, { after: "0", signal: end.signal });
      const stop = setTimeout(() => end.abort(), 500);
      for await (const { event } of replay) told.push(event);
      clearTimeout(stop);
      const lastQuestion = told.findLast((event) => event.type === "message" && event.message.role === "user");
      if (lastQuestion?.type === "message") expect(ten).toContain(lastQuestion.message.content);
    }
    const [firstViewer] = viewers;
    if (!firstViewer) throw new Error("nobody asked");
    const { messages } = await getConversation(deps, firstViewer, (await conversationOf(firstViewer)) ?? "");
    const spoken = messages.flatMap(({ answer }) => answer?.sentences ?? []).map(({ text }) => text);
    // The model said a placeholder; the reader reads the name.
    expect(spoken.join(" ")).toMatch(/For \p{Lu}\p{L}+ \p{Lu}[\p{L}’']+, begin with 5 mg daily\./u);
    expect(spoken.join(" ")).not.toContain("[NAME");

    await embedMessages(deps);

    // The model refuses and repeats what it was told.
    failing = true;
    const refusing = await createConversation(deps, firstViewer, asked(`${written[0]} ${written[1]}`));
    await settled(refusing.answer.id);
    failing = false;
    // The database refuses and repeats the row.
    await deps.database.pool.query("alter table messages add constraint provoked check (content not like '%provoke%')");
    for (const [at, question] of written.entries()) {
      const viewer = viewers[at % viewers.length] as Viewer;
      const response = await failed(() => createConversation(deps, viewer, asked(`${question} provoke`)));
      expect([500, 503, 429]).toContain(response.status);
    }
    await deps.database.pool.query("alter table messages drop constraint provoked");
    // The tenant takes none.
    const owner = { ...(await makeViewer(deps)), role: "owner" } as Viewer;
    await changeIdentifierPolicy(deps, owner, { policy: "refuse" });
    for (const question of written) {
      const response = await failed(() => createConversation(deps, owner, asked(question)));
      expect(response.status).toBe(422);
    }
    const none = await deps.database.pool.query("select 1 from conversations where owner_id = $1", [owner.userId]);
    expect(none.rowCount).toBe(0);
    await failed(() => createConversation(deps, firstViewer, asked(written.join(" ").repeat(2))));
    await failed(() => createConversation(deps, firstViewer, { question: [written] }));

    expect(server.requests.length).toBeGreaterThan(50);
    expect(canariesIn(JSON.stringify(server.requests.map(({ body }) => body)))).toEqual([]);
    expect(embedded.length).toBeGreaterThan(50);
    expect(canariesIn(embedded.join("\n"))).toEqual([]);
    expect(kept.length).toBeGreaterThan(100);
    expect(canariesIn(kept.join("\n"))).toEqual([]);
    expect(lines.length).toBeGreaterThan(50);
    expect(canariesIn(lines.join("\n"))).toEqual([]);
    expect(canariesIn(responses.join("\n"))).toEqual([]);
    expect(canariesIn(await allOfRedis())).toEqual([]);
    const { elsewhere, identifiers } = await allOfPostgres();
    expect(elsewhere).toEqual([]);
    expect(canariesIn(identifiers).length).toBeGreaterThan(50);
  }, 300_000);

  async function conversationOf(viewer: Viewer): Promise<string | undefined> {
    const { rows } = await deps.database.pool.query<{ id: string }>(
      "select id from conversations where owner_id = $1 order by created_at limit 1",
      [viewer.userId],
    );
    return rows[0]?.id;
  }

  async function keysOfRedis(): Promise<string[]> {
    const redis = opened.redis?.commands;
    const found: string[] = [];
    for (let cursor = "0"; redis; ) {
      const [next, keys] = await redis.scan(cursor, "COUNT", 500);
      found.push(...keys);
      cursor = next;
      if (cursor === "0") break;
    }
    return found;
  }

  /** Every key that has come since, and its value, of whatever kind. */
  async function allOfRedis(): Promise<string> {
    const redis = opened.redis?.commands;
    if (!redis) return "";
    const seen: string[] = [];
    for (const key of await keysOfRedis()) {
      if (before.has(key)) continue;
      const read: Record<string, () => Promise<unknown>> = {
        string: () => redis.get(key),
        hash: () => redis.hgetall(key),
        list: () => redis.lrange(key, 0, -1),
        set: () => redis.smembers(key),
        zset: () => redis.zrange(key, "0", "-1"),
        stream: () => redis.xrange(key, "-", "+"),
      };
      seen.push(key, JSON.stringify(await read[await redis.type(key)]?.()));
    }
    expect(seen.length).toBeGreaterThan(20);
    return seen.join("\n");
  }

  /** Every row of every table as text; the one column that may hold identifiers apart. */
  async function allOfPostgres(): Promise<{ elsewhere: string[]; identifiers: string }> {
    const { pool } = deps.database;
    const tables = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const elsewhere: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await pool.query<{ row: string }>(
        `select (to_jsonb(t) - 'identifiers')::text as row from ${name} t`,
      );
      elsewhere.push(...canariesIn(rows.map(({ row }) => row).join("\n")).map((canary) => `${name}: ${canary}`));
    }
    const { rows } = await pool.query<{ text: string }>(
      "select identifiers::text as text from messages where identifiers is not null",
    );
    return { elsewhere, identifiers: rows.map(({ text }) => text).join("\n") };
  }
}

test("an identifier that nobody has seen before is one of these by its form alone", () => {
  expect(canariesIn(`x ${randomUUID()}`)).toEqual([]);
});

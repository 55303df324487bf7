import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import {
  bringBack,
  bringBackMonth,
  listMonths,
  moveMonth,
  parseMonth,
  removeUnreferenced,
  settleMonths,
} from "#lib/conversation-months/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { InvalidInputError, NotFoundError } from "#lib/errors.ts";
import { abortOnSignal } from "#lib/interruption.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { bytes, printJson, printTable } from "./output.ts";

const usage = `usage: npm run months -- list
       npm run months -- settle [<YYYY-MM>] [--whole]
       npm run months -- move <YYYY-MM> [--idle-days 90]
       npm run months -- bring-back <YYYY-MM> | --conversation <id>
       npm run months -- sweep

Messages are filed by the month in which their conversation began.

  list        each month: its conversations and messages, what they take, whether they lie in order, what was moved
  settle      brings each conversation's rows together on disk, one conversation after the other, beside all other work;
              --whole lays a month out at once, in seconds to minutes during which nobody reads or writes it
  move        moves the conversations that nobody has written in for so many days to the object store, where they are
              still read; ended at any point, the same command goes on
  bring-back  puts them back; who writes in a moved conversation has it brought back anyway
  sweep       removes from the object store what belongs to no conversation any more; the server does so at night
  --json      one JSON value a line instead of text

Exit codes: 0 done, 1 error.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "idle-days": { type: "string", default: "90" },
    conversation: { type: "string" },
    whole: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

type Verb = (deps: Deps, month: string | undefined, signal: AbortSignal) => Promise<void>;

const verbs: Record<string, Verb> = {
  list: async (deps) => {
    const months = await listMonths(deps);
    if (values.json) return months.forEach(printJson);
    const rows = months.map(({ month, conversations, messages, bytes: size, settled, ...moved }) => [
      month.slice(0, 7),
      String(conversations),
      String(messages),
      size === null ? "" : bytes(size),
      settled === null ? "" : settled ? "yes" : "no",
      String(moved.movedConversations),
      String(moved.movedMessages),
    ]);
    const head = ["MONTH", "CONVERSATIONS", "MESSAGES", "SIZE", "IN ORDER", "MOVED", "MESSAGES MOVED"];
    printTable(head, rows);
  },
  settle: async (deps, month, signal) => {
    const reports = await settleMonths(deps, { ...(month && { month }), whole: values.whole, signal });
    for (const report of reports) {
      if (values.json) printJson(report);
      else if (report.whole === null) say(`${name(report.month)}: ${report.conversations} conversations rewritten.`);
      else say(`${name(report.month)}: ${settledWords[report.whole]}`);
    }
    if (reports.some(({ whole }) => whole === "busy"))
      throw new Error("A month was in use: ask again when it is quiet.");
  },
  move: async (deps, month, signal) => {
    if (!month) throw new InvalidInputError("Name the month: move <YYYY-MM>.");
    const idleDays = wholeNumber("--idle-days", values["idle-days"]);
    const report = await moveMonth(deps, month, {
      idleDays,
      signal,
      onProgress: ({ moved, messages }) => values.json || say(`  ${moved} conversations, ${messages} messages …`),
    });
    if (values.json) return printJson({ month: name(month), ...report });
    say(`${name(month)}: ${report.moved} conversations of ${report.messages} messages moved (${bytes(report.bytes)}).`);
    if (report.stayed > 0) say(`${report.stayed} were used meanwhile and stay; the same command takes them later.`);
    if (report.emptied) say("Nothing of the month is left in the database.");
  },
  "bring-back": async (deps, month, signal) => {
    if (values.conversation !== undefined) {
      const id = values.conversation;
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new NotFoundError(`The conversation ${id}`);
      const brought = await bringBack(deps, id);
      if (values.json) return printJson({ conversation: id, brought });
      say(brought ? "Brought back." : "There is no moved conversation of this id.");
      return;
    }
    if (!month) throw new InvalidInputError("Name what to bring back: <YYYY-MM> or --conversation <id>.");
    const onProgress = (done: number) => values.json || say(`  ${done} conversations …`);
    const conversations = await bringBackMonth(deps, month, { signal, onProgress });
    if (values.json) printJson({ month: name(month), conversations });
    else say(`${name(month)}: ${conversations} conversations brought back.`);
  },
  sweep: async (deps, _month, signal) => {
    const removed = await removeUnreferenced(deps, { signal });
    if (values.json) printJson({ removed });
    else say(`${removed} objects removed.`);
  },
};

const settledWords = { done: "laid out anew.", settled: "lies in order already.", busy: "in use, left as it is." };

await runCommand(async () => {
  const [wanted = "", month] = positionals;
  const verb = Object.hasOwn(verbs, wanted) ? verbs[wanted] : undefined;
  if (values.help || !verb) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const firstDay = month === undefined ? undefined : parseMonth(month);
  const signal = abortOnSignal("what was done stays done; the same command goes on");
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    await verb(deps, firstDay, signal);
    return 0;
  } finally {
    await deps.close();
  }
});

function name(month: string): string {
  return month.slice(0, 7);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidInputError(`${option} takes a whole number.`);
  return value;
}

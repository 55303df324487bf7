import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { defaultEmbedding } from "#lib/embeddings/index.ts";
import { readEnv } from "#lib/env.ts";
import { InvalidInputError } from "#lib/errors.ts";
import {
  type AdminCollectionView,
  activateSpace,
  createSchedule,
  deleteSchedule,
  dropSpace,
  getCollectionForAdmin,
  listCollectionsForAdmin,
  listSchedules,
  rollbackSpace,
  type ScheduleView,
  sourceOptions,
  sourceRequestOf,
  sourceUsage,
  startReembed,
  system,
  updateSchedule,
} from "#lib/ingest-runs/index.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { bytes, minute, printFields, printJson, printTable } from "./output.ts";

const usage = `usage: npm run collection -- list
       npm run collection -- show <slug>
       npm run collection -- reembed <slug> --provider <provider> --model <model> --dimensions <number>
       npm run collection -- activate <slug> --space <number>
       npm run collection -- rollback <slug>
       npm run collection -- drop-space <slug> --space <number>
       npm run collection -- schedule <slug> --cron "30 2 * * *" [--time-zone Europe/Berlin] [--disabled] <source…>
       npm run collection -- schedules [<slug>]
       npm run collection -- enable|disable|unschedule <schedule>

  reembed     fills a new space of vectors beside the one that serves, checks it and swaps it in; prints the run's id
  activate    makes a filled space the one that is searched; rollback goes back to the one before
  schedule    has workers read a source again and again; prints the schedule's id
  --json      one JSON value a line instead of text

${sourceUsage}

Exit codes: 0 done, 1 error.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...sourceOptions,
    provider: { type: "string", default: defaultEmbedding.provider },
    model: { type: "string" },
    dimensions: { type: "string" },
    space: { type: "string" },
    cron: { type: "string" },
    "time-zone": { type: "string", default: "UTC" },
    disabled: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

type Verb = { needsName: boolean; run: (deps: Deps, name: string, rest: string[]) => Promise<void> };

const verbs: Record<string, Verb> = {
  list: {
    needsName: false,
    run: async (deps) => {
      const collections = await listCollectionsForAdmin(deps, system);
      if (values.json) return collections.forEach(printJson);
      const head = ["COLLECTION", "DOCUMENTS", "CHUNKS", "SIZE", "THROUGH", "LAST RUN", "EMBEDDING"];
      printTable(head, collections.map(collectionRow));
    },
  },
  show: {
    needsName: true,
    run: async (deps, slug) => {
      const collection = await getCollectionForAdmin(deps, system, slug);
      if (values.json) printJson(collection);
      else show(collection);
    },
  },
  reembed: {
    needsName: true,
    run: async (deps, slug) => {
      const { provider, model } = values;
      if (model === undefined) throw new InvalidInputError("Name the model: --model <name>.");
      const run = await startReembed(deps, system, slug, { provider, model, dimensions: numberOf("dimensions") });
      if (values.json) printJson(run);
      else process.stdout.write(`${run.id}\n`);
    },
  },
  activate: {
    needsName: true,
    run: async (deps, slug) => {
      await activateSpace(deps, system, slug, numberOf("space"));
      await told(deps, slug);
    },
  },
  rollback: {
    needsName: true,
    run: async (deps, slug) => {
      await rollbackSpace(deps, system, slug);
      await told(deps, slug);
    },
  },
  "drop-space": {
    needsName: true,
    run: async (deps, slug) => {
      await dropSpace(deps, system, slug, numberOf("space"));
      await told(deps, slug);
    },
  },
  schedule: {
    needsName: true,
    run: async (deps, slug, rest) => {
      if (values.cron === undefined) throw new InvalidInputError('Say when: --cron "30 2 * * *".');
      const schedule = await createSchedule(deps, system, slug, {
        request: sourceRequestOf(values, rest),
        cron: values.cron,
        timeZone: values["time-zone"],
        enabled: !values.disabled,
      });
      if (values.json) printJson(schedule);
      else process.stdout.write(`${schedule.id}\n`);
    },
  },
  schedules: {
    needsName: false,
    run: async (deps, slug) => {
      const schedules = await listSchedules(deps, system, slug === "" ? undefined : slug);
      if (values.json) return schedules.forEach(printJson);
      printTable(["SCHEDULE", "COLLECTION", "WHEN", "NEXT", "LAST RUN", "SOURCE"], schedules.map(scheduleRow));
    },
  },
  enable: {
    needsName: true,
    run: async (deps, id) => toldSchedule(await updateSchedule(deps, system, id, { enabled: true })),
  },
  disable: {
    needsName: true,
    run: async (deps, id) => toldSchedule(await updateSchedule(deps, system, id, { enabled: false })),
  },
  unschedule: {
    needsName: true,
    run: async (deps, id) => {
      await deleteSchedule(deps, system, id);
      if (values.json) printJson({ schedule: id, deleted: true });
    },
  },
};

await runCommand(async () => {
  const [name = "", subject, ...rest] = positionals;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (values.help || !verb || (verb.needsName && subject === undefined)) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    await verb.run(deps, subject ?? "", rest);
    return 0;
  } finally {
    await deps.close();
  }
});

function numberOf(option: "space" | "dimensions"): number {
  const value = Number(values[option] ?? Number.NaN);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidInputError(`Give --${option} a number.`);
  return value;
}

async function told(deps: Deps, slug: string): Promise<void> {
  const { spaces } = await getCollectionForAdmin(deps, system, slug);
  if (values.json) printJson({ collection: slug, spaces });
  else printSpaces(spaces);
}

function toldSchedule(schedule: ScheduleView): void {
  if (values.json) printJson(schedule);
  else say(schedule.nextAt ? `Next at ${minute(schedule.nextAt)}.` : "Disabled.");
}

function collectionRow({
  slug,
  documents,
  chunks,
  bytes: size,
  through,
  lastCompleteRun,
  embedding,
}: AdminCollectionView) {
  const last = minute(lastCompleteRun?.finishedAt ?? null);
  return [
    slug,
    String(documents),
    String(chunks),
    bytes(size),
    through ?? "",
    last,
    `${embedding.model} (${embedding.dimensions})`,
  ];
}

function show(collection: AdminCollectionView): void {
  const { embedding, openRun } = collection;
  printFields({
    collection: collection.slug,
    title: collection.title,
    type: collection.sourceType,
    documents: `${collection.documents}, ${collection.samples} of them samples`,
    chunks: collection.chunks,
    size: `${bytes(collection.bytes)}, and about ${bytes(collection.documentBytes)} of documents`,
    through: collection.through,
    "last run": minute(collection.lastCompleteRun?.finishedAt ?? null),
    embedding: `${embedding.model} (${embedding.provider}, ${embedding.dimensions} dimensions)`,
    "open run": openRun && `${openRun.id} ${openRun.status}: ${openRun.requestText}`,
  });
  printSpaces(collection.spaces);
  if (collection.schedules.length > 0) {
    process.stdout.write("\n");
    printTable(["SCHEDULE", "COLLECTION", "WHEN", "NEXT", "LAST RUN", "SOURCE"], collection.schedules.map(scheduleRow));
  }
}

function printSpaces(spaces: AdminCollectionView["spaces"]): void {
  process.stdout.write("\n");
  const rows = spaces.map(({ id, state, model, dimensions, vectors, tail, missing, recall, bytes: size }) => [
    String(id),
    state,
    `${model} (${dimensions})`,
    String(vectors),
    String(tail),
    String(missing),
    recall === null ? "" : recall.toFixed(3),
    bytes(size),
  ]);
  printTable(["SPACE", "STATE", "MODEL", "VECTORS", "TAIL", "MISSING", "RECALL", "SIZE"], rows);
}

function scheduleRow({ id, collection, cron, timeZone, nextAt, lastRun, requestText }: ScheduleView): string[] {
  return [
    id,
    collection,
    `${cron} ${timeZone}`,
    nextAt ? minute(nextAt) : "disabled",
    lastRun?.status ?? "",
    requestText,
  ];
}

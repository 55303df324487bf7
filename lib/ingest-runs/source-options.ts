import { resolve } from "node:path";
import { InvalidInputError } from "../errors.ts";
import { parseSourceRequest } from "./parse-request.ts";
import type { SourceRequest } from "./source-request.ts";

/** The options by which commands take a source, for `parseArgs`. */
export const sourceOptions = {
  source: { type: "string" },
  query: { type: "string" },
  from: { type: "string" },
  until: { type: "string" },
  "date-type": { type: "string" },
  search: { type: "string" },
  prefix: { type: "string" },
  archive: { type: "string" },
  id: { type: "string", multiple: true },
  "set-id": { type: "string", multiple: true },
  url: { type: "string", multiple: true },
  set: { type: "string", multiple: true },
} as const;
export type SourceOptions = {
  [Name in keyof typeof sourceOptions]?: (typeof sourceOptions)[Name] extends { multiple: true } ? string[] : string;
};

/** What the options are for, for a command's help. */
export const sourceUsage = `Sources:
  <file or folder…>                                     files of this machine
  --source objects --prefix inbox/2026                  objects of the object store
  --source addresses --url https://… [--url …]          documents by address (hosts of INGEST_ALLOWED_HOSTS)
  --source pubmed-query --query "…" [--from 2026-01-01] [--until …] [--date-type mdat|edat|pdat]
  --source pubmed-files [--set set=baseline|updatefiles|all]
  --source pmc-oa [--from …] [--until …] [--id PMC1234…]
  --source dailymed [--from …] [--set-id …] [--archive dm_spl_….zip]
  --source openfda [--search "…"]
  --source medlineplus
  --set <name>=<value> names any setting of a source; a list is separated by commas.`;

const lists = new Set(["paths", "urls", "ids", "setIds"]);

/**
 * The source that a command's options name; files when there is none.
 * @param paths what stands beside the options: files and folders, or addresses
 * @throws InvalidInputError naming the option that does not fit
 */
export function sourceRequestOf(options: SourceOptions, paths: string[]): SourceRequest {
  const kind = options.source ?? "files";
  const { query, from, until, search, prefix, archive } = options;
  const request: Record<string, unknown> = { kind, query, from, until, search, prefix, archive };
  request.dateType = options["date-type"];
  request.ids = options.id;
  request.setIds = options["set-id"];
  request.urls = options.url;
  for (const setting of options.set ?? []) {
    const [, name, value] = /^([A-Za-z]+)=(.+)$/s.exec(setting) ?? [];
    if (!name || value === undefined) throw new InvalidInputError(`“${setting}” is no setting; expected name=value.`);
    request[name] = lists.has(name) ? value.split(",").map((one) => one.trim()) : value;
  }
  if (paths.length > 0) {
    if (kind === "addresses") request.urls = [...(options.url ?? []), ...paths];
    else if (kind === "files") request.paths = paths;
    else throw new InvalidInputError(`The source ${kind} takes no files: “${paths[0]}”.`);
  }
  const parsed = parseSourceRequest(
    Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)),
  );
  // A worker has another working directory.
  return parsed.kind === "files" ? { ...parsed, paths: parsed.paths.map((path) => resolve(path)) } : parsed;
}

import { rm } from "node:fs/promises";
import type { SourceContext } from "../../types.ts";
import { SourceError } from "../source-error.ts";
import type { ArchiveLimits, Extracted } from "./extract.ts";
import { zipEntries } from "./zip.ts";

/** Unpacks the one entry of a zip whose name fits. @throws SourceError when there is none, or more than one */
export async function extractOnly(
  path: string,
  archive: string,
  fits: RegExp,
  context: Pick<SourceContext, "directory" | "signal">,
  limits: ArchiveLimits,
): Promise<Extracted & { name: string }> {
  const names: string[] = [];
  let chosen: (Extracted & { name: string }) | null = null;
  for await (const entry of zipEntries(path, archive, context.directory, limits, context.signal)) {
    if (!fits.test(entry.name)) continue;
    names.push(entry.name);
    chosen ??= { ...(await entry.extract()), name: entry.name };
  }
  if (chosen && names.length === 1) return chosen;
  if (chosen) await rm(chosen.path, { force: true });
  const what = names.length === 0 ? "no file" : `${names.length} files`;
  throw new SourceError("changed_form", archive, `it holds ${what} named like ${fits.source}, where one was expected`);
}

import { z } from "zod";
import {
  type ArchiveChange,
  type ArchiveReason,
  changeArchived,
  countArchived,
  type Reader,
  selectArchivedInOrder,
} from "#db/index.ts";
import { outcomeWords } from "../change.ts";
import { selectionOf } from "../find.ts";
import type { ArchiveFilter } from "../input.ts";
import { openNaming } from "../pseudonyms.ts";
import type { ArchiveMode } from "../views.ts";
import type { JobDeps, Portion } from "./types.ts";

const conversationsAtOnce = 500;
/** Changed between two savings. */
const savedEvery = 20;

const changeCursor = z.object({ conversation: z.uuid() });

/** Changes all that is found, one by one; each is recorded as if it had been changed alone, with the job's id. */
export async function* changeRows(
  deps: JobDeps,
  actor: Reader,
  mode: ArchiveMode,
  job: { id: string; filter: ArchiveFilter; change: ArchiveChange; reason: ArchiveReason },
  saved: unknown,
): AsyncGenerator<Portion> {
  const { database } = deps;
  const naming = await openNaming(database, actor.tenantId, mode);
  const selection = await selectionOf(deps, naming, job.filter);
  let after = saved === null ? null : changeCursor.parse(saved).conversation;
  if (after === null) {
    yield { text: "", cursor: null, total: await countArchived(database, actor.tenantId, selection) };
  }
  for (;;) {
    const rows = await selectArchivedInOrder(database, actor.tenantId, selection, {
      after,
      limit: conversationsAtOnce,
    });
    for (let at = 0; at < rows.length; at += savedEvery) {
      const some = rows.slice(at, at + savedEvery);
      const refused: { id: string; why: string }[] = [];
      for (const { id } of some) {
        const outcome = await changeArchived(database, actor, id, job.change, job.reason, { job: job.id });
        if (outcome === "held" || outcome === "absent") refused.push({ id, why: outcomeWords[outcome] });
      }
      after = some.at(-1)?.id ?? after;
      yield { text: "", cursor: { conversation: after }, conversations: some.length, refused };
    }
    if (rows.length < conversationsAtOnce) return;
  }
}

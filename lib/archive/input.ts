import { z } from "zod";
import { feedbackKinds } from "../domain.ts";
import { archiveModes, changeActions, exportForms, reasonKinds, stateNames } from "./views.ts";

const day = z.iso.date("expected a day such as 2026-03-05");
const text = z
  .string("expected text")
  .trim()
  .max(200, "at most 200 characters")
  .refine((given) => !given.includes("\0"), "holds a character that cannot be searched for");

/** Which conversations are meant; what is absent leaves all. From an address, so that every field is text. */
export const archiveFilter = z
  .strictObject({
    /** Part of a name or an address, or an id; a pseudonym where the archive is pseudonymised. */
    person: text.min(1).optional(),
    /** First and last day of the last use, `2026-03-05`, in UTC. */
    from: day.optional(),
    until: day.optional(),
    words: text.min(1).optional(),
    collection: z.string().max(100, "at most 100 characters").optional(),
    feedback: z.enum(feedbackKinds, `expected ${feedbackKinds.join(", ")}`).optional(),
    state: z.enum(stateNames, `expected ${stateNames.join(", ")}`).optional(),
  })
  .refine(({ from, until }) => !from || !until || from <= until, "“from” lies after “until”");
export type ArchiveFilter = z.infer<typeof archiveFilter>;

export const archiveReason = z.object({
  kind: z.enum(reasonKinds, `choose a kind of reason: ${reasonKinds.join(", ")}`),
  text: z
    .string("say why")
    .trim()
    .min(10, "say why in 10 characters at least")
    .max(1000, "at most 1000 characters")
    .refine((given) => !given.includes("\0"), "holds a character that cannot be stored"),
});

export const archiveChange = z.discriminatedUnion(
  "action",
  [
    z.object({ action: z.literal("retain"), until: z.iso.datetime({ offset: true, error: "expected a moment" }) }),
    ...(["archive", "restore", "delete", "hold", "release"] as const).map((action) =>
      z.object({ action: z.literal(action) }),
    ),
  ],
  `say what is to be done: ${changeActions.join(", ")}`,
);

export const changeInput = z.object({ change: archiveChange, reason: archiveReason });
export const bulkInput = changeInput.extend({ filter: archiveFilter });
export const exportInput = z.object({
  filter: archiveFilter,
  form: z.enum(exportForms, `choose a form: ${exportForms.join(", ")}`),
  reason: archiveReason,
});
export const modeInput = z.object({ mode: z.enum(archiveModes, `expected ${archiveModes.join(", ")}`) });

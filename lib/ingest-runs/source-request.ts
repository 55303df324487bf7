import { z } from "zod";

const day = z.iso.date();
const days = { from: day.optional(), until: day.optional() };

/**
 * Where a run takes its records from, as it is typed by an operator, kept with a schedule and read by a worker.
 * The date bounds are inclusive.
 */
export const sourceRequest = z.discriminatedUnion("kind", [
  /** Files and folders of the machine that runs the command or worker. */
  z.strictObject({ kind: z.literal("files"), paths: z.array(z.string().min(1)).min(1) }),
  /** Objects of the object store, by prefix. */
  z.strictObject({ kind: z.literal("objects"), prefix: z.string().min(1) }),
  /** Documents by address; every host has to be on the allow-list (INGEST_ALLOWED_HOSTS). */
  z.strictObject({ kind: z.literal("addresses"), urls: z.array(z.url({ protocol: /^https?$/ })).min(1) }),
  /** PubMed by query through E-utilities; dates are of the last change (`mdat`) unless said otherwise. */
  z.strictObject({
    kind: z.literal("pubmed-query"),
    query: z.string().min(1),
    ...days,
    dateType: z.enum(["mdat", "edat", "pdat"]).default("mdat"),
  }),
  /** PubMed's annual baseline and daily update files. */
  z.strictObject({ kind: z.literal("pubmed-files"), set: z.enum(["baseline", "updatefiles", "all"]).default("all") }),
  /** PMC's open-access subset: by date of change, or named articles. */
  z.strictObject({
    kind: z.literal("pmc-oa"),
    ...days,
    ids: z
      .array(z.string().regex(/^PMC\d+$/))
      .min(1)
      .optional(),
  }),
  /** DailyMed: labels changed since a day, named set ids, or a whole release archive by its file name. */
  z.strictObject({
    kind: z.literal("dailymed"),
    from: day.optional(),
    setIds: z.array(z.string().min(1)).min(1).optional(),
    archive: z
      .string()
      .regex(/^[\w.-]+\.zip$/)
      .optional(),
  }),
  /** openFDA's label endpoint: the bulk download, or what a search finds. */
  z.strictObject({ kind: z.literal("openfda"), search: z.string().min(1).optional() }),
  /** MedlinePlus' newest file of health topics. */
  z.strictObject({ kind: z.literal("medlineplus") }),
]);
export type SourceRequest = z.infer<typeof sourceRequest>;
export type SourceKind = SourceRequest["kind"];

/** Addresses and manners of the sources, from the environment. */
export interface SourceSettings {
  eutilsUrl: string;
  pubmedFilesUrl: string;
  pmcOaUrl: string;
  dailymedUrl: string;
  openfdaUrl: string;
  medlineplusUrl: string;
  /** Raises E-utilities' 3 requests a second to 10. */
  ncbiApiKey: string | null;
  /** Whom NCBI may write to; sent with every request, as its usage policy asks. */
  contactEmail: string | null;
  openfdaApiKey: string | null;
  /** Hosts that documents may be fetched from by address. */
  allowedHosts: string[];
  /** Bytes of one fetched file at most. */
  byteLimit: number;
  /** Milliseconds one fetched file may take at most. */
  timeLimitMs: number;
}

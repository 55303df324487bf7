import { z } from "zod";
import {
  type DocumentStatus,
  type EvidenceLevel,
  type LineBox,
  type PageSize,
  type SourceType,
  sourceTypes,
} from "./sources.ts";

export const collectionView = z.object({
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  sourceType: z.enum(sourceTypes),
  documents: z.number().int(),
  chunks: z.number().int(),
  samples: z.number().int(),
  /** Date of the newest document, ISO. */
  through: z.string().nullable(),
  /** The tenant's own: nobody else sees it. */
  isPrivate: z.boolean(),
});
export type CollectionView = z.infer<typeof collectionView>;

export const documentSection = z.object({
  label: z.string(),
  /** Headings from the outermost in, this one last. */
  path: z.array(z.string()),
  start: z.number().int(),
  end: z.number().int(),
  page: z.number().int().nullable(),
  /** A boxed warning of a drug label. */
  boxed: z.boolean().optional(),
});
export type DocumentSection = z.infer<typeof documentSection>;

/** How a document stands to another: here where it is kept, else where it can be looked up. */
export interface DocumentRelation {
  /** As seen from the document that is read: what is `erratum_for` it elsewhere is its `erratum_in`. */
  kind: string;
  /** `PMID 123`, `DOI 10.1000/x`, or what else the record gives; null when it gives a note alone. */
  name: string | null;
  note: string | null;
  document: { id: string; title: string; collectionTitle: string; status: DocumentStatus } | null;
  url: string | null;
}

/** A near copy of a document, e.g. the same label of another packager. */
export interface ClusterMember {
  id: string;
  title: string;
  publication: string | null;
}

/** A document as its reader sees it on the source page. */
export type DocumentView = {
  id: string;
  collection: string;
  collectionTitle: string;
  sourceType: SourceType;
  sourceId: string;
  title: string;
  text: string;
  sections: DocumentSection[];
  language: string;
  url: string | null;
  publishedOn: string | null;
  authors: string[];
  publication: string | null;
  publicationTypes: string[];
  meshTerms: string[];
  evidenceLevel: EvidenceLevel;
  status: DocumentStatus;
  statusNote: string | null;
  /** When its status last changed, ISO; null when it has not since it was taken in. */
  statusChangedAt: string | null;
  /** What corrects or updates it. */
  corrections: DocumentRelation[];
  /** All else that it is tied to: notices, comments, what it corrects itself. */
  relations: DocumentRelation[];
  /** Near-identical documents of its collection, which answers show once; at most 50. */
  clusterMembers: ClusterMember[];
  clusterSize: number;
  /** Set when text was recognised from pictures of pages; `confidence` is the least of them, 0 to 1. */
  ocr: { pages: number[]; confidence: number } | null;
  isSample: boolean;
  /** Present for PDFs: the viewer's page sizes and line boxes. */
  pages: PageSize[];
  boxes: LineBox[];
  /** Media type of the kept original; `application/pdf` opens in the viewer. Null when no original is kept. */
  originalType: string | null;
};

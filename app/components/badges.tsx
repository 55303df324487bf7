import { FlaskConical, Lock, ScanText, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { depthInWords, evidenceLabels, formatDate, statusLabels } from "#app/conversation/labels.ts";
import type { DocumentStatus, EvidenceLevel, ReadDepth } from "#lib/domain.ts";

const tones = {
  plain: "border-line bg-panel text-ink-soft",
  caution: "border-caution-line bg-caution-wash text-caution",
  danger: "border-danger-line bg-danger-wash text-danger",
};

export function Badge({ tone = "plain", children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1 whitespace-nowrap rounded border px-1.5 py-px font-medium text-[0.6875rem] leading-4 ${tones[tone]}`}
    >
      {children}
    </span>
  );
}

/** Stands beside the name of a collection that the reader's organisation alone sees. */
export function PrivateBadge() {
  return (
    <Badge>
      <Lock className="size-3" aria-hidden="true" />
      Private
    </Badge>
  );
}

export function isGrave(status: DocumentStatus): boolean {
  return status === "retracted" || status === "withdrawn";
}

interface MarkedDocument {
  status: DocumentStatus;
  isSample: boolean;
}

/** The marks a document carries wherever it shows: not current, or only a sample. */
export function StatusBadges({ document }: { document: MarkedDocument }) {
  const label = statusLabels[document.status];
  return (
    <>
      {label && (
        <Badge tone={isGrave(document.status) ? "danger" : "caution"}>
          <TriangleAlert className="size-3" aria-hidden="true" />
          {label}
        </Badge>
      )}
      {document.isSample && (
        <Badge tone="caution">
          <FlaskConical className="size-3" aria-hidden="true" />
          Sample
        </Badge>
      )}
    </>
  );
}

/** Marks text that was recognised from a picture of a page. @param confidence 0 to 1 */
export function OcrBadge({ confidence }: { confidence: number }) {
  return (
    <Badge tone="caution">
      <ScanText className="size-3" aria-hidden="true" />
      Text recognised from a scan (confidence {Math.floor(confidence * 100)} %)
    </Badge>
  );
}

interface BadgedSource extends MarkedDocument {
  evidenceLevel: EvidenceLevel;
  publishedOn: string | null;
  depth?: ReadDepth | undefined;
  page?: number | null;
  ocr?: number | null | undefined;
}

/**
 * Marks of a source, its kind of evidence, its date and how deeply it was read.
 * `quotes` are all that was taken from it, where there are several: the pages of each and the least confidence count.
 */
export function SourceBadges({ source, quotes = [source] }: { source: BadgedSource; quotes?: BadgedSource[] }) {
  const date = formatDate(source.publishedOn);
  const depth = depthInWords(quotes);
  const confidences = quotes.flatMap(({ ocr }) => ocr ?? []);
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <StatusBadges document={source} />
      {confidences.length > 0 && <OcrBadge confidence={Math.min(...confidences)} />}
      <Badge>{evidenceLabels[source.evidenceLevel]}</Badge>
      {date && <Badge>{date}</Badge>}
      {depth && <Badge>{depth}</Badge>}
    </span>
  );
}

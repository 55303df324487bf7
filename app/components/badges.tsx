import { FlaskConical, ScanText, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { evidenceLabels, formatDate, statusLabels } from "#app/conversation/labels.ts";
import type { DocumentStatus, EvidenceLevel } from "#lib/domain.ts";

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

/** Kind of evidence, date and marks of a source. */
export function SourceBadges({
  source,
}: {
  source: MarkedDocument & { evidenceLevel: EvidenceLevel; publishedOn: string | null; ocr?: number | null };
}) {
  const date = formatDate(source.publishedOn);
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <StatusBadges document={source} />
      {typeof source.ocr === "number" && <OcrBadge confidence={source.ocr} />}
      <Badge>{evidenceLabels[source.evidenceLevel]}</Badge>
      {date && <Badge>{date}</Badge>}
    </span>
  );
}

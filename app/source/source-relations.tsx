import { FilePenLine } from "lucide-react";
import Link from "next/link";
import { textLink } from "#app/components/styles.ts";
import { counted, statusLabels } from "#app/conversation/labels.ts";
import type { DocumentRelation, DocumentView } from "#lib/domain.ts";

const relationLabels: Record<string, string> = {
  retraction_in: "Retracted by",
  retraction_of: "Retracts",
  concern_in: "Expression of concern in",
  concern_for: "Expresses concern about",
  erratum_in: "Corrected in",
  erratum_for: "Corrects",
  update_in: "Updated in",
  update_of: "Updates",
  comment_in: "Commented on in",
  comment_on: "Comments on",
};

/** What corrects a document, what else it is tied to, and which near copies of it there are. */
export function SourceRelations({ document }: { document: DocumentView }) {
  const { corrections, relations, clusterMembers, clusterSize } = document;
  const alike = document.sourceType === "drug_label" ? "near-identical label" : "near-identical document";
  return (
    <div className="mt-4 grid max-w-[56rem] gap-2 text-sm empty:hidden">
      {corrections.length > 0 && (
        <section
          aria-label="Corrections"
          className="flex gap-2.5 rounded-lg border border-caution-line bg-caution-wash px-3.5 py-2.5"
        >
          <FilePenLine className="mt-0.5 size-4 shrink-0 text-caution" aria-hidden="true" />
          <RelationList relations={corrections} />
        </section>
      )}
      {relations.length > 0 && (
        <details className="rounded-lg border border-line bg-panel/60 px-3.5 py-2">
          <summary className="text-ink-soft">{counted(relations.length, "related record")}</summary>
          <div className="mt-2 mb-1">
            <RelationList relations={relations} />
          </div>
        </details>
      )}
      {clusterMembers.length > 0 && (
        <details className="rounded-lg border border-line bg-panel/60 px-3.5 py-2">
          <summary className="text-ink-soft">{counted(clusterSize - 1, alike)}</summary>
          <ul className="mt-2 mb-1 grid gap-1">
            {clusterMembers.map((member) => (
              <li key={member.id}>
                <Link href={`/sources/${encodeURIComponent(member.id)}`} prefetch={false} className={textLink}>
                  {member.title}
                </Link>
                {member.publication && <span className="text-ink-faint"> {member.publication}</span>}
              </li>
            ))}
            {clusterSize - 1 > clusterMembers.length && (
              <li className="text-ink-faint">and {counted(clusterSize - 1 - clusterMembers.length, "more", "more")}</li>
            )}
          </ul>
        </details>
      )}
    </div>
  );
}

function RelationList({ relations }: { relations: DocumentRelation[] }) {
  return (
    <ul className="grid min-w-0 gap-1">
      {relations.map((relation) => (
        <li key={`${relation.kind} ${relation.document?.id ?? relation.name ?? relation.note}`}>
          <span className="text-ink-soft">{relationLabels[relation.kind] ?? "Related:"}</span>{" "}
          <RelationTarget relation={relation} />
          {relation.note && <span className="text-ink-faint text-xs"> {relation.note}</span>}
        </li>
      ))}
    </ul>
  );
}

function RelationTarget({ relation: { document, name, url } }: { relation: DocumentRelation }) {
  if (document) {
    const status = statusLabels[document.status];
    return (
      <>
        <Link href={`/sources/${encodeURIComponent(document.id)}`} prefetch={false} className={textLink}>
          {document.title}
        </Link>
        <span className="text-ink-faint text-xs"> {[name, status].filter(Boolean).join(" · ")}</span>
      </>
    );
  }
  if (!url) return name;
  return (
    <a href={url} target="_blank" rel="noreferrer" className={textLink}>
      {name}
      <span className="sr-only"> (new tab)</span>
    </a>
  );
}

"use client";

import { Check, Copy } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Badge } from "#app/components/badges.tsx";
import { button } from "#app/components/styles.ts";
import type { ReceiptPassageView } from "#lib/domain.ts";
import type { MarkerOrigin } from "./citation-marker.tsx";
import { copyText } from "./copy-text.ts";
import { shortHash, standingInWords } from "./receipt-words.ts";

/** A supplied passage: what it is, how it scored, which text it was and whether that still stands. */
export function ReceiptPassage({ passage, from }: { passage: ReceiptPassageView; from: MarkerOrigin }) {
  const { number, title, section, collectionTitle, documentId, cited, statusNote } = passage;
  const standing = standingInWords(passage);
  const way = new URLSearchParams({ conversation: from.conversationId, message: from.messageId });
  return (
    <li className="grid grid-cols-[1.5rem_1fr] gap-x-1.5 py-2.5">
      <span className="tabular pt-px font-semibold text-ink-soft text-xs leading-5">{number}</span>
      <div className="grid min-w-0 gap-1">
        {documentId === null ? (
          <span className="font-medium leading-snug">{title}</span>
        ) : (
          <Link
            href={`/sources/${encodeURIComponent(documentId)}?${way}`}
            prefetch={false}
            className="font-medium leading-snug hover:text-accent hover:underline"
          >
            {title}
          </Link>
        )}
        <span className="text-ink-faint text-xs">{[collectionTitle, section].filter(Boolean).join(" · ")}</span>
        <span className="flex flex-wrap items-center gap-1">
          <Badge tone={standing.tone}>{standing.label}</Badge>
          <Badge>{cited ? "Cited in the answer" : "Not cited"}</Badge>
        </span>
        {statusNote && <span className="text-caution text-xs">{statusNote}</span>}
        <dl className="tabular flex flex-wrap items-center gap-x-4 text-ink-soft text-xs">
          <Score name="Lexical" value={passage.lexical} digits={2} />
          <Score name="Dense" value={passage.dense} digits={3} />
          <Score name="Fused" value={passage.score} digits={3} />
          <div className="flex items-center gap-1">
            <dt>Text</dt>
            <dd className="flex items-center gap-0.5">
              <code title={passage.hash}>{shortHash(passage.hash)}</code>
              <CopyHash hash={passage.hash} number={number} />
            </dd>
          </div>
        </dl>
      </div>
    </li>
  );
}

function Score({ name, value, digits }: { name: string; value: number; digits: number }) {
  return (
    <div className="flex gap-1">
      <dt>{name}</dt>
      <dd className="text-ink">{value.toFixed(digits)}</dd>
    </div>
  );
}

function CopyHash({ hash, number }: { hash: string; number: number }) {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  const Icon = copied === "yes" ? Check : Copy;
  return (
    <>
      <button
        type="button"
        className={button.smallIcon}
        aria-label={`Copy the whole hash of passage ${number}`}
        onClick={() =>
          copyText(hash).then(
            () => setCopied("yes"),
            () => setCopied("failed"),
          )
        }
      >
        <Icon className="size-3.5" aria-hidden="true" />
      </button>
      <span role="status">
        {copied === "yes" && "Copied"}
        {copied === "failed" && "The browser did not allow copying"}
      </span>
    </>
  );
}

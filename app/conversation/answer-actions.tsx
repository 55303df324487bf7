"use client";

import { Check, Copy, RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import { button } from "#app/components/styles.ts";
import type { AnswerResult } from "#lib/domain.ts";
import { answerWithReferences } from "./answer-text.ts";
import type { MarkerOrigin } from "./citation-marker.tsx";
import { copyText } from "./copy-text.ts";
import { ExportMenu } from "./export-menu.tsx";
import { AnswerFeedback } from "./feedback/answer-feedback.tsx";
import { ReceiptDialog } from "./receipt-dialog.tsx";

export interface AnswerActionsProps {
  from: MarkerOrigin;
  question: string | null;
  answer: AnswerResult;
  /** Absent while another answer is being made. */
  onRegenerate?: (() => void) | undefined;
}

export function AnswerActions({ from, question, answer, onRegenerate }: AnswerActionsProps) {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  useEffect(() => {
    if (copied === "no") return;
    const timer = window.setTimeout(() => setCopied("no"), 2500);
    return () => window.clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await copyText(answerWithReferences(question, answer, window.location.origin));
      setCopied("yes");
    } catch {
      setCopied("failed");
    }
  }

  return (
    <div className="-ml-2 flex flex-wrap items-center gap-1">
      {answer.sentences.length + answer.warnings.length > 0 && (
        <button type="button" className={button.quiet} onClick={copy}>
          {copied === "yes" ? (
            <Check className="size-4 text-accent" aria-hidden="true" />
          ) : (
            <Copy className="size-4" aria-hidden="true" />
          )}
          Copy with references
        </button>
      )}
      <ExportMenu conversationId={from.conversationId} answerId={from.messageId} />
      {onRegenerate && (
        <button type="button" className={button.quiet} onClick={onRegenerate}>
          <RefreshCw className="size-4" aria-hidden="true" />
          Regenerate
        </button>
      )}
      <ReceiptDialog from={from} />
      <AnswerFeedback messageId={from.messageId} />
      <span role="status" className="text-ink-faint text-xs">
        {copied === "yes" && "Copied with references"}
        {copied === "failed" && "The browser did not allow copying"}
      </span>
    </div>
  );
}

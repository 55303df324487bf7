import { CircleAlert } from "lucide-react";
import { Fragment } from "react";
import { button } from "#app/components/styles.ts";
import type { MessageView } from "#lib/domain.ts";
import { AnswerActions } from "./answer-actions.tsx";
import { AnswerSentences } from "./answer-sentences.tsx";
import type { Shown } from "./branches.ts";
import { ChangedSources } from "./changed-sources.tsx";
import { Contrasts } from "./contrasts.tsx";
import { DroppedList } from "./dropped-list.tsx";
import { EvidenceGapCard } from "./evidence-gap.tsx";
import { LabelWarnings } from "./label-warnings.tsx";
import { madeBy } from "./labels.ts";
import { Progress } from "./progress.tsx";
import { RedirectionCard } from "./redirection-card.tsx";
import { SourceList } from "./source-list.tsx";
import { type Draft, isRunning, partsOf } from "./state.ts";
import { UnderstandingLine } from "./understanding.tsx";
import { VersionPager } from "./version-pager.tsx";

export interface AnswerProps {
  shown: Shown;
  question: MessageView | null;
  /** What has arrived so far, while it is being made. */
  draft: Draft | null;
  onShow: (messageId: string) => void;
  /** Absent while an answer is being made. */
  onRegenerate?: (() => void) | undefined;
}

export function Answer({ shown, question, draft, onShow, onRegenerate }: AnswerProps) {
  const { message } = shown;
  const { answer } = message;
  const from = { conversationId: message.conversationId, messageId: message.id };
  const running = isRunning(message.status);
  const { sentences, dropped, gap, redirection, understanding, warnings, contrasts } = partsOf(message, draft);
  const unfinished = message.status === "failed" || message.status === "stopped";

  return (
    <article
      id={`answer-${message.id}`}
      aria-labelledby={`heading-${message.id}`}
      aria-busy={running}
      className="grid gap-4"
    >
      <div className="flex min-h-5 items-center gap-3">
        <h2 id={`heading-${message.id}`} className="label-caps">
          Answer
        </h2>
        {answer && sentences.length > 0 && <p className="text-ink-faint text-xs">{madeBy(answer)}</p>}
        <VersionPager shown={shown} of="answer" onShow={onShow} />
      </div>
      {/* The heading stays while versions are leafed through, and with it the keyboard's focus. */}
      <Fragment key={message.id}>
        <UnderstandingLine
          question={question?.content ?? null}
          understanding={understanding}
          filters={answer?.filters ?? {}}
        />
        {answer?.notice && (
          <p
            role="note"
            className="rounded-lg border border-caution-line bg-caution-wash px-3.5 py-2.5 text-caution text-sm"
          >
            {answer.notice}
          </p>
        )}
        {!running && <ChangedSources sentences={sentences} from={from} />}
        {redirection && <RedirectionCard redirection={redirection} />}
        <LabelWarnings warnings={warnings} from={from} />
        {sentences.length > 0 && <AnswerSentences sentences={sentences} from={from} isFinished={!running} />}
        <Contrasts contrasts={contrasts} from={from} />
        {running && draft && <Progress draft={draft} />}
        {gap && <EvidenceGapCard gap={gap} from={from} />}
        {unfinished && <Unfinished message={message} hasSentences={sentences.length > 0} onRegenerate={onRegenerate} />}
        {!running && <SourceList sentences={sentences} from={from} />}
        <DroppedList dropped={dropped} />
        {!running && answer && (
          <AnswerActions
            from={from}
            question={question?.content ?? null}
            answer={answer}
            // What was stopped or failed is tried again where that is said.
            onRegenerate={unfinished ? undefined : onRegenerate}
          />
        )}
      </Fragment>
    </article>
  );
}

function Unfinished(props: { message: MessageView; hasSentences: boolean; onRegenerate?: (() => void) | undefined }) {
  const { message, hasSentences, onRegenerate } = props;
  const stopped = message.status === "stopped";
  const kept = hasSentences ? " What is shown above was verified before." : "";
  return (
    <div
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border p-3.5 text-sm ${
        stopped ? "border-line bg-panel" : "border-danger-line bg-danger-wash"
      }`}
    >
      <CircleAlert className={`size-4.5 shrink-0 ${stopped ? "text-ink-faint" : "text-danger"}`} aria-hidden="true" />
      <p className="min-w-[14rem] flex-1">
        {stopped ? "This answer was stopped." : (message.answer?.error ?? "This answer could not be finished.")}
        {kept}
      </p>
      {onRegenerate && (
        <button type="button" className={button.secondary} onClick={onRegenerate}>
          Try again
        </button>
      )}
    </div>
  );
}

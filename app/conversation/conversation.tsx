"use client";

import { WifiOff } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { AskProblem } from "#app/components/limit-notice.tsx";
import { StandingNotice } from "#app/components/notice.tsx";
import type { CollectionView, ConversationView } from "#lib/domain.ts";
import { restoreIdentifiers } from "#lib/phi/index.ts";
import { type Line, lastAnswerOf, lineOf, turnsOf } from "./branches.ts";
import { CitationCard } from "./citation-marker.tsx";
import { EarlierMessages, useHeldPlace } from "./earlier-messages.tsx";
import { Elsewhere } from "./elsewhere.tsx";
import { FeedbackProvider } from "./feedback/feedback-provider.tsx";
import type { Scope } from "./filters.ts";
import { counted, stageLabels } from "./labels.ts";
import { QuestionBox } from "./question-box.tsx";
import { ReadersAskNothing } from "./readers-ask-nothing.tsx";
import { AskingLine, AskingSignal } from "./sharing/asking.tsx";
import { NoLongerHere } from "./sharing/no-longer-here.tsx";
import { PeopleBar } from "./sharing/people-bar.tsx";
import { ReadMark } from "./sharing/read-mark.tsx";
import { citedSources } from "./sources.ts";
import { type Draft, runningAnswer } from "./state.ts";
import { TurnView } from "./turn-view.tsx";
import { type Connection, useConversation } from "./use-conversation.ts";
import { useLinkedMessage } from "./use-linked-message.ts";
import { warningGroups } from "./warnings.ts";

export interface ConversationProps {
  initial: ConversationView;
  collections: CollectionView[];
  /** By the viewer's role in the tenant; their role in the conversation counts beside it. */
  mayAsk?: boolean;
  /** Told when the title or the messages have changed, so that the list of conversations can follow. */
  onChange?: (conversation: { id: string; title: string; messages: number }) => void;
}

export function Conversation({ initial, collections, mayAsk = true, onChange }: ConversationProps) {
  const { state, connection, closed, problem, again, show, ask, stop, regenerate, loadEarlier } =
    useConversation(initial);
  const { shown } = state;
  const mayWrite = state.mayWrite && mayAsk;
  const line = useMemo(() => lineOf(state.messages, shown), [state.messages, shown]);
  const turns = useMemo(() => turnsOf(state.messages, line), [state.messages, line]);
  const running = runningAnswer(line);
  const newest = line.at(-1);
  // Until it is renamed, a conversation is named by its first question, which stands right below.
  const first = turns[0]?.question?.message;
  const isFirstQuestion = first !== undefined && restoreIdentifiers(state.title, first.identifiers) === first.content;
  const lastQuestion = turns.findLast((turn) => turn.question !== null)?.question?.message;
  const [scope, setScope] = useState<Scope>({
    collections: lastQuestion?.collections ?? [],
    filters: lastQuestion?.filters ?? {},
  });
  const isShared = state.participants.filter(({ kind }) => kind === "human").length > 1;
  const end = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const messages = state.messages.length;
  const holdPlace = useHeldPlace(list, messages);
  const isOwn = !isShared || lastQuestion?.senderId === state.readerId;
  const newestSeen = useRef(state.messages.at(-1)?.sequenceId ?? 0);

  useEffect(() => {
    // A fresh page opens where the browser or the link says; only what is new is scrolled to, and only one's own.
    const isNew = newest !== undefined && newest.sequenceId > newestSeen.current;
    if (isNew) newestSeen.current = newest.sequenceId;
    if (isNew && isOwn) end.current?.scrollIntoView({ block: "end" });
  }, [newest, isOwn]);

  useEffect(() => {
    // A link to a message shows the branch it is on.
    const linked = /^#(?:answer|question)-(.+)$/.exec(window.location.hash)?.[1];
    if (linked) show(decodeURIComponent(linked));
  }, [show]);

  useLinkedMessage({ state, line, show, loadEarlier });

  useEffect(() => {
    onChange?.({ id: state.id, title: state.title, messages });
  }, [onChange, state.id, state.title, messages]);

  if (closed !== null) return <NoLongerHere reason={closed} />;
  return (
    // The browser must not hold a place of its own choice while earlier messages come in.
    <div className="flex min-h-full flex-col [overflow-anchor:none]">
      <div className="mx-auto w-full max-w-[50rem] flex-1 px-4 pt-6 pb-8 sm:px-8">
        <PeopleBar
          conversationId={state.id}
          readerId={state.readerId}
          participants={state.participants}
          present={state.present}
        />
        <ReadMark conversationId={state.id} messages={line} readerId={state.readerId} initial={initial.participants} />
        <h1 className={isFirstQuestion ? "sr-only" : "mb-6 text-balance font-semibold text-xl tracking-tight"}>
          {state.title}
        </h1>
        {state.hasEarlier && (
          <EarlierMessages
            onLoad={async () => {
              await loadEarlier(holdPlace);
              // The button goes away with the first of all messages; the keyboard's focus stays in the list.
              requestAnimationFrame(() => {
                if (document.activeElement === document.body) list.current?.focus({ preventScroll: true });
              });
            }}
          />
        )}
        <FeedbackProvider conversationId={state.id} initial={initial.feedback}>
          <ol ref={list} tabIndex={-1} aria-label="Questions and answers" className="grid gap-10 outline-none">
            {turns.map((turn) => (
              <TurnView
                key={turn.key}
                turn={turn}
                drafts={state.drafts}
                collections={collections}
                busy={running !== null}
                isLast={turn === turns.at(-1)}
                readerId={state.readerId}
                isShared={isShared}
                onShow={show}
                onRegenerate={mayWrite ? (messageId) => void regenerate(messageId) : undefined}
                onEdit={
                  mayWrite
                    ? ({ collections: slugs, filters, parentId }, words, notIdentifiers) =>
                        ask(words, { collections: slugs, filters }, parentId, notIdentifiers)
                    : undefined
                }
                onAsk={mayWrite ? (question, its) => void ask(question, its, lastAnswerOf(line)?.id) : undefined}
              />
            ))}
          </ol>
        </FeedbackProvider>
        <p role="status" aria-label="Progress of the answer" className="sr-only">
          {announcement(line, state.drafts)}
        </p>
        <div ref={end} className="scroll-mb-52" />
      </div>
      <div className="sticky bottom-0 bg-linear-to-t from-70% from-paper to-transparent pt-6">
        <div className="mx-auto grid w-full max-w-[50rem] gap-2 px-4 pb-3 sm:px-8">
          <ConnectionNotice connection={connection} />
          <Elsewhere message={state.messages.find(({ id }) => id === state.elsewhere)} onShow={show} />
          <AskProblem problem={problem} until={again} />
          <AskingLine present={state.present} participants={state.participants} readerId={state.readerId} />
          {mayWrite ? (
            <AskingSignal conversationId={state.id} isShared={isShared}>
              <QuestionBox
                collections={collections}
                scope={scope}
                onScope={setScope}
                onAsk={(question, notIdentifiers) => ask(question, scope, lastAnswerOf(line)?.id, notIdentifiers)}
                onStop={running ? () => void stop(running.id) : undefined}
                isBusy={running !== null && isOwn}
                placeholder="Ask a further question"
              />
            </AskingSignal>
          ) : !mayAsk ? (
            <ReadersAskNothing />
          ) : (
            <p className="rounded-xl border border-line bg-panel px-4 py-3 text-ink-soft text-sm">
              You may read this conversation but not ask in it.
            </p>
          )}
          <StandingNotice className="text-center" />
        </div>
      </div>
      <CitationCard />
    </div>
  );
}

function ConnectionNotice({ connection }: { connection: Connection }) {
  if (connection !== "lost") return null;
  return (
    <p
      role="status"
      className="flex items-center gap-2 rounded-md border border-line bg-panel px-3 py-1.5 text-ink-soft text-sm"
    >
      <WifiOff className="size-4" aria-hidden="true" />
      The connection is lost. The answer goes on being made on the server; trying to reconnect…
    </p>
  );
}

/** What a screen reader hears: each stage as it begins, then what came of it. */
function announcement(line: Line, drafts: Record<string, Draft>): string {
  const last = lastAnswerOf(line);
  if (!last) return "";
  const draft = drafts[last.id];
  if (draft) return stageLabels[draft.stage ?? "guard"];
  if (last.status === "stopped") return "The answer was stopped.";
  if (last.status === "failed") return "The answer could not be finished.";
  if (last.answer?.redirection) return `${last.answer.redirection.title}. ${last.answer.redirection.text}`;
  if (last.answer?.gap) return "No evidence found for this question.";
  const sentences = last.answer?.sentences ?? [];
  const boxed = warningGroups(last.answer?.warnings ?? []).filter(({ kind }) => kind === "boxed_warning");
  const warned = boxed.map(({ drug }) => `Boxed warning for ${drug}. `).join("");
  return `${warned}Answer ready: ${counted(sentences.length, "sentence")} from ${counted(citedSources(sentences).length, "source")}.`;
}

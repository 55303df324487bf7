"use client";

import { WifiOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { StandingNotice } from "#app/components/notice.tsx";
import type { CollectionView, ConversationView } from "#lib/domain.ts";
import { CitationCard } from "./citation-marker.tsx";
import type { Scope } from "./filters.ts";
import { counted, stageLabels } from "./labels.ts";
import { QuestionBox } from "./question-box.tsx";
import { citedSources } from "./sources.ts";
import { type ConversationState, runningAnswer, turnsOf } from "./state.ts";
import { TurnView } from "./turn-view.tsx";
import { type Connection, useConversation } from "./use-conversation.ts";
import { warningGroups } from "./warnings.ts";

export interface ConversationProps {
  initial: ConversationView;
  collections: CollectionView[];
  /** Told when the title or the messages have changed, so that the list of conversations can follow. */
  onChange?: (conversation: { id: string; title: string; messages: number }) => void;
}

export function Conversation({ initial, collections, onChange }: ConversationProps) {
  const { state, connection, problem, ask, stop, regenerate } = useConversation(initial);
  const { mayWrite } = state;
  const running = runningAnswer(state);
  const turns = turnsOf(state.messages);
  // Until it is renamed, a conversation is named by its first question, which stands right below.
  const isFirstQuestion = turns[0]?.question?.content === state.title;
  const lastQuestion = turns.findLast((turn) => turn.question !== null)?.question;
  const [scope, setScope] = useState<Scope>({
    collections: lastQuestion?.collections ?? [],
    filters: lastQuestion?.filters ?? {},
  });
  const end = useRef<HTMLDivElement>(null);
  const messages = state.messages.length;
  const messagesAtStart = useRef(messages);

  useEffect(() => {
    // A fresh page opens where the browser or the link says; only what is new is scrolled to.
    if (messages > messagesAtStart.current) end.current?.scrollIntoView({ block: "end" });
    messagesAtStart.current = messages;
  }, [messages]);

  useEffect(() => {
    onChange?.({ id: state.id, title: state.title, messages });
  }, [onChange, state.id, state.title, messages]);

  return (
    <div className="flex min-h-full flex-col">
      <div className="mx-auto w-full max-w-[50rem] flex-1 px-4 pt-6 pb-8 sm:px-8">
        <h1 className={isFirstQuestion ? "sr-only" : "mb-6 text-balance font-semibold text-xl tracking-tight"}>
          {state.title}
        </h1>
        <ol className="grid gap-10">
          {turns.map((turn) => (
            <TurnView
              key={turn.question?.id ?? turn.answers[0]?.id}
              turn={turn}
              drafts={state.drafts}
              collections={collections}
              busy={running !== null}
              isLast={turn === turns.at(-1)}
              onRegenerate={mayWrite ? (messageId) => void regenerate(messageId) : undefined}
              onAsk={mayWrite ? (question, its) => void ask(question, its) : undefined}
            />
          ))}
        </ol>
        <p role="status" aria-label="Progress of the answer" className="sr-only">
          {announcement(state)}
        </p>
        <div ref={end} className="scroll-mb-52" />
      </div>
      <div className="sticky bottom-0 bg-linear-to-t from-70% from-paper to-transparent pt-6">
        <div className="mx-auto grid w-full max-w-[50rem] gap-2 px-4 pb-3 sm:px-8">
          <ConnectionNotice connection={connection} />
          <p role="alert" className="rounded-md bg-danger-wash px-3 py-2 text-danger text-sm empty:hidden">
            {problem}
          </p>
          {mayWrite ? (
            <QuestionBox
              collections={collections}
              scope={scope}
              onScope={setScope}
              onAsk={(question) => ask(question, scope)}
              onStop={running ? () => void stop(running.id) : undefined}
              placeholder="Ask a further question"
            />
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
function announcement(state: ConversationState): string {
  const last = state.messages.findLast((message) => message.role === "assistant");
  if (!last) return "";
  const draft = state.drafts[last.id];
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

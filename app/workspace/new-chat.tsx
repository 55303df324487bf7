"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { AskProblem, againAt } from "#app/components/limit-notice.tsx";
import { StandingNotice } from "#app/components/notice.tsx";
import { messageOf, send } from "#app/components/send.ts";
import type { Scope } from "#app/conversation/filters.ts";
import { counted, formatCount } from "#app/conversation/labels.ts";
import { QuestionBox, type QuestionBoxHandle } from "#app/conversation/question-box.tsx";
import { ReadersAskNothing } from "#app/conversation/readers-ask-nothing.tsx";
import type { CollectionView } from "#lib/domain.ts";
import { useConversationList } from "./conversation-list.tsx";
import { exampleQuestions } from "./examples.ts";

export interface NewChatProps {
  collections: CollectionView[];
  name: string;
  /** By the viewer's role in the tenant. */
  mayAsk: boolean;
}

export function NewChat({ collections, name, mayAsk }: NewChatProps) {
  const router = useRouter();
  const { refresh } = useConversationList();
  const [scope, setScope] = useState<Scope>({ collections: [], filters: {} });
  const [problem, setProblem] = useState<string | null>(null);
  const [again, setAgain] = useState<number | null>(null);
  const box = useRef<QuestionBoxHandle>(null);
  const documents = collections.reduce((sum, collection) => sum + collection.documents, 0);
  const samples = collections.reduce((sum, collection) => sum + collection.samples, 0);
  const questions = exampleQuestions(collections);

  async function ask(question: string, notIdentifiers: string[]): Promise<boolean> {
    setProblem(null);
    try {
      const created = await send<{ conversationId: string }>("POST", "/api/conversations", {
        question,
        ...scope,
        notIdentifiers,
      });
      router.push(`/c/${encodeURIComponent(created.conversationId)}`);
      void refresh();
      return true;
    } catch (error) {
      setAgain(againAt(error));
      setProblem(messageOf(error));
      return false;
    }
  }

  return (
    <div className="mx-auto flex w-full max-w-[50rem] flex-col px-4 pt-[9vh] pb-10 sm:px-8 lg:pt-[15vh]">
      <p className="text-ink-soft">Hello, {name}.</p>
      <h1 className="mt-1 text-balance font-semibold text-[1.75rem] leading-tight tracking-[-0.02em]">
        {mayAsk ? "What do you want to know?" : "What do you want to read?"}
      </h1>
      <p className="tabular mt-2 text-ink-soft text-sm">
        {documents === 0
          ? "No documents have been ingested yet, so nothing can be answered."
          : `Every sentence of an answer opens its source among ${counted(documents, "document")} in ${counted(collections.length, "collection")}.`}
        {samples > 0 && samples === documents && " All of them are samples, written to try Probatum out."}
        {samples > 0 && samples < documents && ` ${formatCount(samples)} of them are samples.`}
      </p>
      <div className="mt-6 grid gap-2">
        <AskProblem problem={problem} until={again} />
        {mayAsk ? (
          <QuestionBox
            handle={box}
            collections={collections}
            scope={scope}
            onScope={setScope}
            onAsk={ask}
            placeholder="Ask a clinical question"
            autoFocus
          />
        ) : (
          <ReadersAskNothing />
        )}
        <StandingNotice className="px-1" />
      </div>
      {mayAsk && questions.length > 0 && (
        <section aria-labelledby="examples" className="mt-8">
          <h2 id="examples" className="label-caps">
            Try one of these
          </h2>
          <ul className="mt-1.5 divide-y divide-line border-line border-y">
            {questions.map((question) => (
              <li key={question}>
                <button
                  type="button"
                  className="w-full px-1 py-2.5 text-left text-[0.9375rem] text-ink-soft leading-snug hover:text-accent-strong"
                  onClick={() => box.current?.fill(question)}
                >
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

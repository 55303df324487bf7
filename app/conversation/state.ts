import type {
  AnswerSentence,
  ConversationEvent,
  ConversationView,
  DroppedSentence,
  EvidenceGap,
  MessageStatus,
  MessageView,
  Stage,
} from "#lib/domain.ts";

/** What has arrived of an answer that is still being made. */
export interface Draft {
  stage: Stage | null;
  detail: string | null;
  sentences: AnswerSentence[];
  dropped: DroppedSentence[];
  gap: EvidenceGap | null;
}

/** One conversation as this browser knows it; messages in the order of their sequence ids, each once. */
export interface ConversationState {
  id: string;
  title: string;
  messages: MessageView[];
  drafts: Record<string, Draft>;
  /** Where the event stream is to start. */
  cursor: string;
  /** How often the conversation has been read again; each reading asks for a new stream. */
  readings: number;
  /** The stream no longer reaches back to what is shown: the conversation must be read again. */
  stale: boolean;
}

export type ConversationAction =
  | { type: "event"; event: ConversationEvent }
  | { type: "read"; conversation: ConversationView };

const emptyDraft: Draft = { stage: null, detail: null, sentences: [], dropped: [], gap: null };

export function isRunning(status: MessageStatus): boolean {
  return status === "pending" || status === "streaming";
}

export function initialState(conversation: ConversationView): ConversationState {
  const drafts: Record<string, Draft> = {};
  for (const message of conversation.messages) {
    if (isRunning(message.status)) drafts[message.id] = draftOf(message);
  }
  return {
    id: conversation.id,
    title: conversation.title,
    messages: conversation.messages.toSorted(bySequence),
    drafts,
    cursor: conversation.eventCursor,
    readings: 0,
    stale: false,
  };
}

/** Applies one action. The same event applied twice, or one older than what is shown, changes nothing. */
export function conversationReducer(state: ConversationState, action: ConversationAction): ConversationState {
  if (action.type === "event") return applyEvent(state, action.event);
  return { ...initialState(action.conversation), readings: state.readings + 1 };
}

function applyEvent(state: ConversationState, event: ConversationEvent): ConversationState {
  switch (event.type) {
    case "message":
    case "done":
      return withMessage(state, event.message);
    case "title":
      return event.title === state.title ? state : { ...state, title: event.title };
    case "reset":
      return state.stale ? state : { ...state, stale: true };
    case "stage":
      return withDraft(state, event.messageId, (draft) =>
        draft.stage === event.stage && draft.detail === (event.detail ?? null)
          ? draft
          : { ...draft, stage: event.stage, detail: event.detail ?? null },
      );
    case "sentence":
      return withDraft(state, event.messageId, (draft) =>
        draft.sentences.some((known) => known.index === event.sentence.index)
          ? draft
          : { ...draft, sentences: [...draft.sentences, event.sentence].sort((a, b) => a.index - b.index) },
      );
    case "dropped":
      return withDraft(state, event.messageId, (draft) =>
        draft.dropped.some((known) => known.text === event.dropped.text && known.reason === event.dropped.reason)
          ? draft
          : { ...draft, dropped: [...draft.dropped, event.dropped] },
      );
    case "gap":
      return withDraft(state, event.messageId, (draft) => (draft.gap ? draft : { ...draft, gap: event.gap }));
    case "redirection":
    case "understood":
    case "warning":
    case "contrast":
    case "follow_ups":
      return state;
  }
}

function withMessage(state: ConversationState, message: MessageView): ConversationState {
  if (message.conversationId !== state.id) return state;
  const known = state.messages.find((other) => other.id === message.id);
  // A replayed event from before the answer was finished must not reopen it.
  if (known && !isRunning(known.status) && isRunning(message.status)) return state;
  if (known && JSON.stringify(known) === JSON.stringify(message)) return state;
  const { [message.id]: draft, ...otherDrafts } = state.drafts;
  const drafts = isRunning(message.status) ? { ...otherDrafts, [message.id]: draft ?? draftOf(message) } : otherDrafts;
  const others = state.messages.filter((other) => other.id !== message.id);
  return { ...state, drafts, messages: [...others, message].sort(bySequence) };
}

function withDraft(state: ConversationState, messageId: string, change: (draft: Draft) => Draft): ConversationState {
  const message = state.messages.find((known) => known.id === messageId);
  if (message && !isRunning(message.status)) return state;
  const draft = state.drafts[messageId] ?? emptyDraft;
  const changed = change(draft);
  return changed === draft ? state : { ...state, drafts: { ...state.drafts, [messageId]: changed } };
}

function draftOf(message: MessageView): Draft {
  const { answer } = message;
  if (!answer) return emptyDraft;
  return { ...emptyDraft, sentences: answer.sentences, dropped: answer.dropped, gap: answer.gap };
}

function bySequence(a: MessageView, b: MessageView): number {
  return a.sequenceId - b.sequenceId;
}

/** A question with the answers given to it, the newest last; several when it was asked again. */
export interface Turn {
  question: MessageView | null;
  answers: MessageView[];
}

/** Messages as turns: an answer stands under its parent question, or under the last question before it. */
export function turnsOf(messages: MessageView[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      turns.push({ question: message, answers: [] });
    } else if (message.role === "assistant") {
      const parent = turns.find((turn) => turn.question !== null && turn.question.id === message.parentId);
      const turn = parent ?? turns.at(-1);
      if (turn) turn.answers.push(message);
      else turns.push({ question: null, answers: [message] });
    }
  }
  return turns;
}

/** The answer being made, if one is: the one that "Stop" stops. */
export function runningAnswer(state: ConversationState): MessageView | null {
  return state.messages.findLast((message) => message.role === "assistant" && isRunning(message.status)) ?? null;
}

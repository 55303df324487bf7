import type {
  AnswerResult,
  Contrast,
  ConversationEvent,
  ConversationView,
  DroppedSentence,
  LabelWarning,
  MessageStatus,
  MessageView,
  Stage,
} from "#lib/domain.ts";
import { placeKey } from "./sources.ts";

/** What an answer consists of for its reader, whole or still growing. */
export type AnswerParts = Pick<
  AnswerResult,
  "sentences" | "dropped" | "gap" | "redirection" | "understanding" | "warnings" | "contrasts" | "followUps"
>;

/** What has arrived of an answer that is still being made. */
export interface Draft extends AnswerParts {
  stage: Stage | null;
  detail: string | null;
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
  /** The reader may ask in it. */
  mayWrite: boolean;
  /** The stream no longer reaches back to what is shown: the conversation must be read again. */
  stale: boolean;
}

export type ConversationAction =
  | { type: "event"; event: ConversationEvent }
  | { type: "read"; conversation: ConversationView };

const nothing: AnswerParts = {
  sentences: [],
  dropped: [],
  gap: null,
  redirection: null,
  understanding: null,
  warnings: [],
  contrasts: [],
  followUps: [],
};
const emptyDraft: Draft = { stage: null, detail: null, ...nothing };

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
    mayWrite: conversation.mayWrite,
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
    case "participants":
    case "presence":
      return state;
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
      return withDraft(state, event.messageId, (draft) => withAnother(draft, "dropped", event.dropped));
    case "gap":
      return withPart(state, event.messageId, "gap", event.gap);
    case "redirection":
      return withPart(state, event.messageId, "redirection", event.redirection);
    case "understood":
      return withPart(state, event.messageId, "understanding", event.understanding);
    case "warning":
      return withDraft(state, event.messageId, (draft) => withAnother(draft, "warnings", event.warning));
    case "contrast":
      return withDraft(state, event.messageId, (draft) => withAnother(draft, "contrasts", event.contrast));
    case "follow_ups":
      return withPart(state, event.messageId, "followUps", event.questions);
  }
}

function withMessage(state: ConversationState, message: MessageView): ConversationState {
  if (message.conversationId !== state.id) return state;
  const known = state.messages.find((other) => other.id === message.id);
  // A replayed event from before the answer was finished must not reopen it.
  if (known && !isRunning(known.status) && isRunning(message.status)) return state;
  if (known && isSame(known, message)) return state;
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

/** A part that comes once; one that is there already, or comes from a replayed stream, stays. */
function withPart<Name extends keyof AnswerParts>(
  state: ConversationState,
  messageId: string,
  name: Name,
  part: AnswerParts[Name],
): ConversationState {
  return withDraft(state, messageId, (draft) => (isSame(draft[name], part) ? draft : { ...draft, [name]: part }));
}

/** One more of what comes several times, unless it is there already. */
function withAnother<Name extends keyof typeof identities>(
  draft: Draft,
  name: Name,
  one: AnswerParts[Name][number],
): Draft {
  const identity = identities[name] as (part: AnswerParts[Name][number]) => string;
  if (draft[name].some((known) => identity(known) === identity(one))) return draft;
  return { ...draft, [name]: [...draft[name], one] };
}

// What was stored carries more than its event did, such as what holds today, so wholes cannot be compared.
const identities = {
  dropped: ({ text, reason }: DroppedSentence) => `${reason} ${text}`,
  warnings: ({ kind, drug, citations }: LabelWarning) => [kind, drug, ...citations.map(placeKey)].join(" "),
  contrasts: ({ about, sides }: Contrast) => [about, ...sides.map(({ citation }) => placeKey(citation))].join(" "),
};

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** What there is to show of an answer: the draft while it is being made, what was stored afterwards. */
export function partsOf(message: MessageView, draft: Draft | null): AnswerParts {
  return (isRunning(message.status) ? draft : message.answer) ?? nothing;
}

function draftOf(message: MessageView): Draft {
  const { answer } = message;
  if (!answer) return emptyDraft;
  const { sentences, dropped, gap, redirection, understanding, warnings, contrasts, followUps } = answer;
  return { ...emptyDraft, sentences, dropped, gap, redirection, understanding, warnings, contrasts, followUps };
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

import type {
  AnswerResult,
  Contrast,
  ConversationEvent,
  ConversationView,
  DroppedSentence,
  LabelWarning,
  MessageStatus,
  MessageView,
  ParticipantView,
  Presence,
  Stage,
} from "#lib/domain.ts";
import { bySequence, joined, type Line, lineOf } from "./branches.ts";
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
  /** Of all branches. */
  messages: MessageView[];
  /** There are messages before them. */
  hasEarlier: boolean;
  /** The end of the branch that is shown; null while there is no message. */
  shown: string | null;
  /** What somebody else's question or answer last added where this reader is not looking. */
  elsewhere: string | null;
  /** The reader's user id. */
  readerId: string;
  participants: ParticipantView[];
  /** Everybody who has the conversation open. */
  present: Presence[];
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
  /** What this reader has just asked for, in this tab. */
  | { type: "posted"; messages: MessageView[] }
  | { type: "read"; conversation: ConversationView }
  | { type: "earlier"; messages: MessageView[]; hasEarlier: boolean }
  /** Shows the branch of a message. */
  | { type: "show"; messageId: string };

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
  const messages = conversation.messages.toSorted(bySequence);
  return {
    id: conversation.id,
    title: conversation.title,
    messages,
    hasEarlier: conversation.hasEarlier,
    shown: messages.at(-1)?.id ?? null,
    elsewhere: null,
    readerId: conversation.readerId,
    participants: conversation.participants,
    present: [],
    drafts: draftsOf(messages),
    cursor: conversation.eventCursor,
    readings: 0,
    mayWrite: conversation.mayWrite,
    stale: false,
  };
}

/** Applies one action. The same event applied twice, or one older than what is shown, changes nothing. */
export function conversationReducer(state: ConversationState, action: ConversationAction): ConversationState {
  switch (action.type) {
    case "event":
      return applyEvent(state, action.event);
    case "posted": {
      const [last] = action.messages.slice(-1);
      const posted = action.messages.reduce(withMessage, state);
      return last ? showing(posted, last.id) : posted;
    }
    case "read":
      return readAgain(state, action.conversation);
    case "earlier": {
      const messages = joined(action.messages, state.messages);
      const drafts = { ...draftsOf(action.messages), ...state.drafts };
      return { ...state, messages, drafts, hasEarlier: action.hasEarlier };
    }
    case "show":
      return state.messages.some(({ id }) => id === action.messageId) ? showing(state, action.messageId) : state;
  }
}

/** What was loaded before stays, where the reading joins on to it; so does the branch that is shown. */
function readAgain(state: ConversationState, conversation: ConversationView): ConversationState {
  const read = initialState(conversation);
  const first = read.messages[0];
  const joinsOn = first !== undefined && (state.messages.at(-1)?.sequenceId ?? 0) >= first.sequenceId - 1;
  const messages = joinsOn ? joined(state.messages, read.messages) : read.messages;
  const hasEarlier = messages[0] === first ? read.hasEarlier : state.hasEarlier;
  const again = { ...read, messages, hasEarlier, present: state.present, readings: state.readings + 1 };
  const isKept = messages.some(({ id }) => id === state.shown);
  return showing(again, isKept ? state.shown : null);
}

function withParticipants(state: ConversationState, participants: ParticipantView[]): ConversationState {
  if (isSame(participants, state.participants)) return state;
  // What the reader may do follows the role they have from now on.
  const own = participants.find(({ id }) => id === state.readerId);
  return { ...state, participants, mayWrite: own ? own.role !== "reader" : state.mayWrite };
}

/** Shows the branch of a message, to its newest end; the newest branch for null. */
function showing(state: ConversationState, messageId: string | null): ConversationState {
  const line = lineOf(state.messages, messageId);
  const shown = line.at(-1)?.id ?? null;
  const elsewhere = line.some(({ id }) => id === state.elsewhere) ? null : state.elsewhere;
  return shown === state.shown && elsewhere === state.elsewhere ? state : { ...state, shown, elsewhere };
}

function applyEvent(state: ConversationState, event: ConversationEvent): ConversationState {
  switch (event.type) {
    case "message":
    case "done":
      return withMessage(state, event.message);
    case "participants":
      return withParticipants(state, event.participants);
    case "presence":
      return isSame(event.present, state.present) ? state : { ...state, present: event.present };
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
  // What lies before all that is loaded comes with the earlier messages: alone it would leave a hole behind it.
  if (!known && state.hasEarlier && message.sequenceId < (state.messages[0]?.sequenceId ?? 0)) return state;
  const { [message.id]: draft, ...otherDrafts } = state.drafts;
  const drafts = isRunning(message.status) ? { ...otherDrafts, [message.id]: draft ?? draftOf(message) } : otherDrafts;
  const others = state.messages.filter((other) => other.id !== message.id);
  const changed = { ...state, drafts, messages: [...others, message].sort(bySequence) };
  return known ? changed : arrived(changed, message);
}

/** One's own is followed, wherever it was asked; others' only where it continues what is shown. */
function arrived(state: ConversationState, message: MessageView): ConversationState {
  const shown = showing(state, isOwn(state, message) ? message.id : state.shown);
  if (lineOf(shown.messages, shown.shown).some(({ id }) => id === message.id)) return shown;
  // Its answer comes right after a question: the question tells more.
  return message.parentId !== null && message.parentId === state.elsewhere
    ? shown
    : { ...shown, elsewhere: message.id };
}

/** Of a further answer nobody knows who asked for it; alone in a conversation, it was the reader. */
function isOwn(state: ConversationState, message: MessageView): boolean {
  if (message.role === "user") return message.senderId === state.readerId;
  if (state.participants.filter(({ kind }) => kind === "human").length <= 1) return true;
  const siblings = state.messages.filter(({ parentId }) => parentId === message.parentId);
  const question = state.messages.find(({ id }) => id === message.parentId);
  return siblings.length === 1 && question?.senderId === state.readerId;
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

function draftsOf(messages: MessageView[]): Record<string, Draft> {
  const running = messages.filter(({ status }) => isRunning(status));
  return Object.fromEntries(running.map((message) => [message.id, draftOf(message)]));
}

/** The answer being made on a branch, if one is: the one that "Stop" stops. */
export function runningAnswer(line: Line): MessageView | null {
  return line.findLast((message) => message.role === "assistant" && isRunning(message.status)) ?? null;
}

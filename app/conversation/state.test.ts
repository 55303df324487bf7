import { describe, expect, it } from "vitest";
import type { Citation, ConversationEvent } from "#lib/domain.ts";
import { lineOf } from "./branches.ts";
import { aContrast, aConversation, aMessage, anAnswer, aQuestion, aSentence, aWarning } from "./fixtures.ts";
import { type ConversationState, conversationReducer, initialState, partsOf, runningAnswer } from "./state.ts";

function apply(state: ConversationState, ...events: ConversationEvent[]): ConversationState {
  return events.reduce((current, event) => conversationReducer(current, { type: "event", event }), state);
}

const first = aSentence({ index: 0, text: "First." });
const second = aSentence({ index: 1, text: "Second." });
const finished = aMessage({ status: "complete", answer: anAnswer({ sentences: [first, second] }) });

const warning = aWarning();
const contrast = aContrast();
const understanding = { searchText: "step 2 of asthma", parts: [], changes: [] };

const wholeAnswer: ConversationEvent[] = [
  { type: "message", message: aQuestion() },
  { type: "message", message: aMessage({ status: "pending" }) },
  { type: "understood", messageId: "answer-1", understanding },
  { type: "stage", messageId: "answer-1", stage: "retrieve" },
  { type: "warning", messageId: "answer-1", warning },
  { type: "sentence", messageId: "answer-1", sentence: first },
  { type: "dropped", messageId: "answer-1", dropped: { text: "Invented.", reason: "quote_not_found" } },
  { type: "sentence", messageId: "answer-1", sentence: second },
  { type: "contrast", messageId: "answer-1", contrast },
  { type: "follow_ups", messageId: "answer-1", questions: ["And step 3?"] },
  { type: "title", title: "Step 2" },
  { type: "done", messageId: "answer-1", message: finished },
];

describe("conversation state", () => {
  it("shows sentences in the order of their index whatever the order of arrival", () => {
    const state = apply(
      initialState(aConversation()),
      { type: "sentence", messageId: "answer-1", sentence: second },
      { type: "sentence", messageId: "answer-1", sentence: first },
    );
    expect(state.drafts["answer-1"]?.sentences.map((sentence) => sentence.text)).toEqual(["First.", "Second."]);
  });

  it("changes nothing when any event is applied twice", () => {
    let state = initialState(aConversation({ messages: [] }));
    for (const event of wholeAnswer) {
      state = apply(state, event);
      expect(apply(state, event)).toEqual(state);
    }
  });

  it("comes to the same end when the whole stream is replayed over a finished conversation", () => {
    const once = apply(initialState(aConversation({ messages: [] })), ...wholeAnswer);
    const reloaded = initialState(aConversation({ title: "Step 2", messages: [aQuestion(), finished] }));
    expect(apply(once, ...wholeAnswer)).toEqual(once);
    expect(apply(reloaded, ...wholeAnswer)).toEqual(reloaded);
    expect(once.drafts).toEqual({});
  });

  it("does not reopen a finished answer for a late stage, sentence or gap", () => {
    const state = initialState(aConversation({ messages: [aQuestion(), finished] }));
    const after = apply(
      state,
      { type: "stage", messageId: "answer-1", stage: "verify" },
      { type: "sentence", messageId: "answer-1", sentence: aSentence({ index: 9 }) },
      { type: "message", message: aMessage({ status: "streaming" }) },
    );
    expect(after).toBe(state);
  });

  it("keeps the sentences already stored of an answer that is read mid-way", () => {
    const partly = aMessage({ status: "streaming", answer: anAnswer({ sentences: [first] }) });
    const state = apply(initialState(aConversation({ messages: [aQuestion(), partly] })), {
      type: "sentence",
      messageId: "answer-1",
      sentence: second,
    });
    expect(state.drafts["answer-1"]?.sentences).toEqual([first, second]);
  });

  it("keeps a sentence that arrives before the message it belongs to", () => {
    const state = apply(
      initialState(aConversation({ messages: [aQuestion()] })),
      { type: "sentence", messageId: "answer-1", sentence: first },
      { type: "message", message: aMessage() },
    );
    expect(state.drafts["answer-1"]?.sentences).toEqual([first]);
  });

  it("shows a question asked in another tab, in its place", () => {
    const state = apply(
      initialState(aConversation({ messages: [aQuestion(), finished] })),
      { type: "message", message: aMessage({ id: "answer-2", sequenceId: 4, parentId: "question-2" }) },
      { type: "message", message: aQuestion({ id: "question-2", sequenceId: 3 }) },
    );
    expect(state.messages.map((message) => message.id)).toEqual(["question-1", "answer-1", "question-2", "answer-2"]);
    expect(runningAnswer(lineOf(state.messages, state.shown))?.id).toBe("answer-2");
  });

  it("ignores a message of another conversation", () => {
    const state = initialState(aConversation());
    expect(apply(state, { type: "message", message: aMessage({ id: "x", conversationId: "other" }) })).toBe(state);
  });

  it("holds what comes beside the sentences while the answer is made", () => {
    const state = apply(initialState(aConversation({ messages: [] })), ...wholeAnswer.slice(0, -1));
    expect(partsOf(aMessage(), state.drafts["answer-1"] ?? null)).toMatchObject({
      understanding,
      warnings: [warning],
      contrasts: [contrast],
      followUps: ["And step 3?"],
      redirection: null,
      gap: null,
    });
    const redirection = { kind: "emergency" as const, title: "Call for help", text: "Call now." };
    const redirected = apply(state, { type: "redirection", messageId: "answer-1", redirection });
    expect(redirected.drafts["answer-1"]?.redirection).toEqual(redirection);
  });

  it("does not double a stored warning or contrast whose sources have been looked up since", () => {
    const seen = (one: Citation) => ({ ...one, today: null });
    const stored = anAnswer({
      warnings: [{ ...warning, citations: warning.citations.map(seen) }],
      contrasts: [{ ...contrast, sides: contrast.sides.map((side) => ({ ...side, citation: seen(side.citation) })) }],
    });
    const partly = aMessage({ status: "streaming", answer: stored });
    const state = initialState(aConversation({ messages: [aQuestion(), partly] }));
    const replayed = apply(
      state,
      { type: "warning", messageId: "answer-1", warning },
      { type: "contrast", messageId: "answer-1", contrast },
    );
    expect(replayed).toBe(state);
  });

  it("shows what is stored once the answer is finished, and nothing of one that was never begun", () => {
    const draft = initialState(aConversation()).drafts["answer-1"] ?? null;
    const done = aMessage({ status: "complete", answer: anAnswer({ followUps: ["And step 3?"] }) });
    expect(partsOf(done, draft).followUps).toEqual(["And step 3?"]);
    expect(partsOf(aMessage({ status: "failed" }), draft)).toMatchObject({ sentences: [], warnings: [] });
  });

  it("lets a reader ask unless the conversation says otherwise", () => {
    expect(initialState(aConversation()).mayWrite).toBe(true);
    expect(initialState(aConversation({ mayWrite: false })).mayWrite).toBe(false);
  });

  it("asks to be read again after a reset and is whole after the reading", () => {
    const stale = apply(initialState(aConversation()), { type: "reset" });
    expect(stale.stale).toBe(true);
    const read = conversationReducer(stale, {
      type: "read",
      conversation: aConversation({ messages: [aQuestion(), finished], eventCursor: "40" }),
    });
    expect(read).toMatchObject({ stale: false, cursor: "40", readings: 1, drafts: {} });
  });
});

describe("the branch that is shown", () => {
  const human = (id: string) =>
    ({ id, kind: "human", name: id, role: "writer", joinedAt: "2026-01-05T09:00:00.000Z", lastRead: 0 }) as const;
  const shared = { participants: [human("ada"), human("ben")] };
  /** A conversation of two turns; `question-2` follows `answer-1`. */
  const messages = [
    aQuestion(),
    aMessage({ status: "complete" }),
    aQuestion({ id: "question-2", sequenceId: 3, parentId: "answer-1" }),
    aMessage({ id: "answer-2", sequenceId: 4, parentId: "question-2", status: "complete" }),
  ];
  const further = (id: string, sequenceId: number, parentId: string | null, senderId: string) => ({
    type: "message" as const,
    message: aQuestion({ id, sequenceId, parentId, senderId }),
  });
  const answered = (id: string, sequenceId: number, parentId: string) => ({
    type: "message" as const,
    message: aMessage({ id, sequenceId, parentId }),
  });
  const shown = (state: ConversationState) => lineOf(state.messages, state.shown).map(({ id }) => id);

  it("follows one's own question to whatever branch it is on, and its answer", () => {
    const state = apply(
      initialState(aConversation({ messages, ...shared })),
      further("edited", 5, null, "ada"),
      answered("its", 6, "edited"),
    );
    expect(shown(state)).toEqual(["edited", "its"]);
    expect(state.elsewhere).toBeNull();
  });

  it("stays where it is when somebody else asks on another branch, and says so until that is shown", () => {
    const before = initialState(aConversation({ messages, ...shared }));
    const state = apply(before, further("theirs", 5, "answer-1", "ben"), answered("its", 6, "theirs"));
    expect(shown(state)).toEqual(shown(before));
    expect(state.elsewhere).toBe("theirs");
    const looked = conversationReducer(state, { type: "show", messageId: "theirs" });
    expect(shown(looked)).toEqual(["question-1", "answer-1", "theirs", "its"]);
    expect(looked.elsewhere).toBeNull();
    expect(shown(conversationReducer(looked, { type: "show", messageId: "question-2" }))).toEqual(shown(before));
  });

  it("goes on with somebody else's question where that continues it", () => {
    const state = apply(
      initialState(aConversation({ messages, ...shared })),
      further("theirs", 5, "answer-2", "ben"),
      answered("its", 6, "theirs"),
      further("beside", 7, "answer-2", "cy"),
    );
    expect(shown(state).slice(-2)).toEqual(["theirs", "its"]);
    expect(state.elsewhere).toBe("beside");
  });

  it("comes to a further answer alone in a conversation, or when it was asked for here; not when others did", () => {
    const again = answered("again", 5, "question-2");
    expect(shown(apply(initialState(aConversation({ messages })), again)).at(-1)).toBe("again");
    const state = apply(initialState(aConversation({ messages, ...shared })), again);
    expect(shown(state).at(-1)).toBe("answer-2");
    expect(state.elsewhere).toBe("again");
    const posted = conversationReducer(state, { type: "posted", messages: [again.message] });
    expect(shown(posted).at(-1)).toBe("again");
    expect(posted.elsewhere).toBeNull();
  });

  it("is kept, with what was loaded before, when the conversation is read again", () => {
    const state = conversationReducer(initialState(aConversation({ messages: messages.slice(2), hasEarlier: true })), {
      type: "earlier",
      messages: messages.slice(0, 2),
      hasEarlier: false,
    });
    expect(shown(state)).toEqual(["question-1", "answer-1", "question-2", "answer-2"]);
    const other = further("other", 5, "answer-1", "ben").message;
    const read = aConversation({ messages: [messages[3] ?? other, other], hasEarlier: true, ...shared });
    const again = conversationReducer(state, { type: "read", conversation: read });
    expect(again.messages).toHaveLength(5);
    expect(shown(again)).toEqual(shown(state));
    expect(again.hasEarlier).toBe(false);
    const far = aConversation({ messages: [{ ...other, sequenceId: 90 }], hasEarlier: true });
    const torn = conversationReducer(state, { type: "read", conversation: far });
    expect(shown(torn), "what lies between is not known").toEqual(["other"]);
    expect(torn.hasEarlier).toBe(true);
  });

  it("takes no message from before what is loaded, so that loading earlier ones leaves no hole", () => {
    const state = initialState(aConversation({ messages: messages.slice(2), hasEarlier: true }));
    expect(apply(state, { type: "message", message: aMessage({ status: "complete" }) })).toBe(state);
  });

  it("does not change when an unknown message is to be shown", () => {
    const state = initialState(aConversation({ messages }));
    expect(conversationReducer(state, { type: "show", messageId: "nothing" })).toBe(state);
  });
});

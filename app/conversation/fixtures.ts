import type {
  AnswerResult,
  AnswerSentence,
  Citation,
  Contrast,
  ConversationView,
  LabelWarning,
  MessageView,
} from "#lib/domain.ts";

/** Hand-written values for the tests of this room. */
export function aCitation(over: Partial<Citation> = {}): Citation {
  return {
    number: 1,
    collection: "guidelines",
    collectionTitle: "Guidelines",
    documentId: "document-1",
    sourceId: "sample-guideline-1",
    title: "Inhaler steps in adults",
    section: "Step 2",
    page: 4,
    quote: "Start a low-dose inhaled corticosteroid.",
    start: 120,
    end: 160,
    publishedOn: "2024-05",
    evidenceLevel: "guideline",
    status: "current",
    isSample: true,
    ...over,
  };
}

export function aSentence(over: Partial<AnswerSentence> = {}): AnswerSentence {
  return { index: 0, text: "Start a low-dose inhaled corticosteroid.", group: null, citations: [aCitation()], ...over };
}

export function aWarning(over: Partial<LabelWarning> = {}): LabelWarning {
  return { kind: "boxed_warning", drug: "Warfarin", citations: [aCitation()], ...over };
}

export function aContrast(over: Partial<Contrast> = {}): Contrast {
  return {
    about: "dose",
    sides: [
      { label: "Guideline, 2024", citation: aCitation() },
      { label: "Drug label, 2019", citation: aCitation({ documentId: "document-2", number: 2 }) },
    ],
    ...over,
  };
}

export function anAnswer(over: Partial<AnswerResult> = {}): AnswerResult {
  return {
    status: "answered",
    mode: "extractive",
    model: null,
    promptVersion: null,
    tokensUsed: null,
    sentences: [aSentence()],
    dropped: [],
    gap: null,
    redirection: null,
    understanding: null,
    filters: {},
    warnings: [],
    contrasts: [],
    followUps: [],
    notice: null,
    error: null,
    timings: {},
    ...over,
  };
}

export function aMessage(over: Partial<MessageView> = {}): MessageView {
  return {
    id: "answer-1",
    conversationId: "conversation-1",
    sequenceId: 2,
    parentId: "question-1",
    role: "assistant",
    senderId: "probatum",
    senderName: null,
    content: "",
    identifiers: [],
    status: "streaming",
    answer: null,
    collections: [],
    filters: {},
    createdAt: "2026-01-05T09:00:00.000Z",
    ...over,
  };
}

export function aQuestion(over: Partial<MessageView> = {}): MessageView {
  return aMessage({
    id: "question-1",
    sequenceId: 1,
    parentId: null,
    role: "user",
    senderId: "ada",
    senderName: "Ada",
    content: "What is step 2?",
    identifiers: [],
    status: "complete",
    ...over,
  });
}

export function aConversation(over: Partial<ConversationView> = {}): ConversationView {
  return {
    id: "conversation-1",
    title: "What is step 2?",
    messageCount: 2,
    updatedAt: "2026-01-05T09:00:00.000Z",
    role: "owner",
    shared: false,
    unread: 0,
    pinned: false,
    archived: false,
    labels: [],
    deletedAt: null,
    moved: false,
    messages: [aQuestion(), aMessage()],
    hasEarlier: false,
    participants: [],
    feedback: [],
    mayWrite: true,
    readerId: "ada",
    eventCursor: "5",
    ...over,
  };
}

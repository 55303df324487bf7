import { describe, expect, it } from "vitest";
import type { MessageView } from "#lib/domain.ts";
import { joined, lastAnswerOf, lineOf, turnsOf } from "./branches.ts";
import { aMessage, aQuestion } from "./fixtures.ts";

let sequenceId = 0;
const asks = (id: string, parentId: string | null) => aQuestion({ id, parentId, sequenceId: ++sequenceId });
const answers = (id: string, parentId: string | null) => aMessage({ id, parentId, sequenceId: ++sequenceId });

/** q1 → a1, a1b; a1 → q2, q2b (edited); q2 → a2; q2b → a2b; q1b, another first question, without an answer yet. */
const messages = [
  asks("q1", null),
  answers("a1", "q1"),
  asks("q2", "a1"),
  answers("a2", "q2"),
  asks("q2b", "a1"),
  answers("a2b", "q2b"),
  answers("a1b", "q1"),
  asks("q1b", null),
];
const ids = (line: MessageView[]) => line.map(({ id }) => id);

describe("the shown line", () => {
  it("leads to the newest end when nothing is named", () => {
    expect(ids(lineOf(messages, null))).toEqual(["q1b"]);
    expect(ids(lineOf(messages.slice(0, -1), null))).toEqual(["q1", "a1b"]);
    expect(ids(lineOf(messages, "not loaded"))).toEqual(["q1b"]);
    expect(lineOf([], null)).toEqual([]);
  });

  it("goes through the message named, and on to the newest end behind it", () => {
    expect(ids(lineOf(messages, "a1"))).toEqual(["q1", "a1", "q2b", "a2b"]);
    expect(ids(lineOf(messages, "q2"))).toEqual(["q1", "a1", "q2", "a2"]);
  });

  it("reaches every message by switching versions, whatever is shown first", () => {
    const reached = new Set<string>();
    const look = (id: string | null) => {
      const turns = turnsOf(messages, lineOf(messages, id));
      const shown = turns.flatMap(({ question, answer }) => [question, answer]).filter((one) => one !== null);
      const others = shown.flatMap(({ versions }) => versions).filter((each) => !reached.has(each));
      for (const each of others) reached.add(each);
      for (const each of others) look(each);
    };
    look(null);
    expect(reached.size).toBe(messages.length);
  });

  it("ends with the answer that a further question follows", () => {
    expect(lastAnswerOf(lineOf(messages, "q2"))?.id).toBe("a2");
    expect(lastAnswerOf(lineOf(messages, "q1b"))).toBeUndefined();
  });
});

describe("turns", () => {
  const turns = (id: string | null, from = messages) => turnsOf(from, lineOf(from, id));

  it("carry the versions of question and answer, the earliest first", () => {
    expect(turns("a2")).toMatchObject([
      {
        question: { message: { id: "q1" }, versions: ["q1", "q1b"] },
        answer: { message: { id: "a1" }, versions: ["a1", "a1b"] },
      },
      {
        question: { message: { id: "q2" }, versions: ["q2", "q2b"] },
        answer: { message: { id: "a2" }, versions: ["a2"] },
      },
    ]);
  });

  it("keep their key from version to version", () => {
    expect(turns("a2").map(({ key }) => key)).toEqual(turns("a2b").map(({ key }) => key));
  });

  it("count a parent that is not loaded as the top", () => {
    expect(turns(null, messages.slice(3, 7))).toMatchObject([
      { question: null, answer: { message: { id: "a1b" }, versions: ["a2", "q2b", "a1b"] } },
    ]);
    expect(turns("q2b", messages.slice(3, 7))).toMatchObject([
      { question: { message: { id: "q2b" }, versions: ["a2", "q2b", "a1b"] }, answer: { message: { id: "a2b" } } },
    ]);
  });

  it("lose neither an answer whose question is unknown nor a question without an answer", () => {
    const alone = answers("alone", null);
    expect(turnsOf([alone], [alone])).toMatchObject([
      { question: null, answer: { message: alone, versions: ["alone"] } },
    ]);
    expect(turns(null)).toMatchObject([{ question: { message: { id: "q1b" } }, answer: null }]);
  });
});

describe("earlier messages", () => {
  it("come before what is shown, each once, and what is shown is the truer", () => {
    const old = { ...(messages[3] as MessageView), content: "as it was" };
    const all = joined([...messages.slice(0, 3), old], messages.slice(3));
    expect(all).toEqual(messages);
  });
});

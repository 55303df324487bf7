import { describe, expect, it } from "vitest";
import type { ParticipantView, Presence } from "#lib/domain.ts";
import { askingLine, initialsOf } from "./words.ts";

const participant = (id: string, role: ParticipantView["role"]): ParticipantView => ({
  id,
  kind: "human",
  name: id,
  role,
  joinedAt: "2026-01-05T09:00:00.000Z",
  lastRead: 0,
});
const asking = (id: string, name = id): Presence => ({ id, name, asking: true });

describe("initials", () => {
  it.each([
    ["Ada Lovelace", "AL"],
    ["ada", "A"],
    ["Dr. Émile de la Tour-Dupin", "DD"],
    ["李 小龍", "李小"],
    ["", "?"],
  ])("of %j are %j", (name, initials) => expect(initialsOf(name)).toBe(initials));
});

describe("the line of who is asking", () => {
  const people = [participant("me", "owner"), ...["Ada", "Ben", "Cy", "Di"].map((id) => participant(id, "writer"))];

  it("names up to three, never the reader, nor who may not ask or takes no part", () => {
    expect(askingLine([asking("me"), { ...asking("Ada"), asking: false }], people, "me")).toBe("");
    expect(askingLine([asking("me"), asking("Ada")], people, "me")).toBe("Ada is asking…");
    expect(
      askingLine(
        ["Ada", "Ben", "Cy"].map((id) => asking(id)),
        people,
        "me",
      ),
    ).toBe("Ada, Ben and Cy are asking…");
    expect(
      askingLine(
        ["Ada", "Ben", "Cy", "Di"].map((id) => asking(id)),
        people,
        "me",
      ),
    ).toBe("4 people are asking…");
    expect(askingLine([asking("Eve")], [...people, participant("Eve", "reader")], "me")).toBe("");
    expect(askingLine([asking("Eve")], people, "me")).toBe("");
  });
});

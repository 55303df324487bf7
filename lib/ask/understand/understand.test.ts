import { describe, expect, test } from "vitest";
import type { AskDeps } from "../types.ts";
import { understandQuestion } from "./index.ts";

const understood = (question: string, earlierQuestions: string[]) =>
  understandQuestion({} as AskDeps, { question, earlierQuestions, collections: [] });

describe("understanding", () => {
  test("a follow-up is searched with the question before it", async () => {
    expect((await understood("And in pregnancy?", ["First?", "What is the warfarin dose?"])).searchText).toBe(
      "What is the warfarin dose? And in pregnancy?",
    );
  });
  test.each(["What is the dose of apixaban in severe kidney failure?", "Asthma steps in adults"])(
    "a question with its own subject stays alone: %s",
    async (question) => {
      expect((await understood(question, ["What is the warfarin dose?"])).searchText).toBe(question);
    },
  );
  test("a first question stays as it is", async () => {
    expect((await understood("And why?", [])).searchText).toBe("And why?");
  });
  test.each([
    ["¿Qué es la diabetes?", ["english", "spanish"]],
    ["Que es la diabetes", ["english", "spanish"]],
    ["por qué la presión sube", ["english", "spanish"]],
    ["What is diabetes?", ["english"]],
    ["Is La Crosse encephalitis seasonal?", ["english"]],
  ])("languages of “%s”", async (question, configs) => {
    expect((await understood(question, [])).configs).toEqual(configs);
  });
});

import { describe, expect, it } from "vitest";
import { answerWithReferences } from "./answer-text.ts";
import { aCitation, aContrast, anAnswer, aSentence, aWarning } from "./fixtures.ts";

const origin = "https://probatum.example";

describe("copy with references", () => {
  it("numbers every sentence and lists each source once, in the order of the numbers", () => {
    const trial = aCitation({
      number: 2,
      documentId: "document-2",
      sourceId: "900001",
      title: "A trial of inhalers.",
      collectionTitle: "PubMed abstracts",
      section: "Results",
      page: null,
      quote: "Attacks fell by 30%.",
      start: 10,
      end: 30,
      evidenceLevel: "randomised_trial",
      publishedOn: "2023-02-07",
      isSample: false,
    });
    const text = answerWithReferences(
      "What is step 2?",
      anAnswer({
        mode: "written",
        model: "small-model",
        sentences: [
          aSentence({ index: 0, text: "Add a low dose, which cuts attacks.", citations: [trial, aCitation()] }),
          aSentence({ index: 1, text: "Attacks fell by 30%.", citations: [trial] }),
        ],
      }),
      origin,
    );
    expect(text).toBe(
      [
        "Question: What is step 2?",
        "",
        "Add a low dose, which cuts attacks. [1][2]",
        "“Attacks fell by 30%.” [2]",
        "",
        "References",
        "1. [SAMPLE DOCUMENT] Inhaler steps in adults. Guidelines. Guideline. May 2024. sample-guideline-1. Step 2, page 4. https://probatum.example/sources/document-1?start=120&end=160",
        "2. A trial of inhalers. PubMed abstracts. Randomised trial. 7 Feb 2023. 900001. Results. https://probatum.example/sources/document-2?start=10&end=30",
        "",
        "Written by small-model, each sentence checked against its quote.",
        "Probatum quotes evidence; it does not diagnose. Check the source before acting.",
      ].join("\n"),
    );
  });

  it("keeps the mark of a retracted source", () => {
    const sentences = [aSentence({ citations: [aCitation({ status: "retracted", isSample: false })] })];
    expect(answerWithReferences(null, anAnswer({ sentences }), origin)).toContain("1. [RETRACTED] Inhaler steps");
  });

  it("takes warnings, what sources differ in, and the filters along", () => {
    const label = aCitation({
      documentId: "label-1",
      title: "Warfarin tablets",
      section: "Boxed warning",
      page: null,
      quote: "It can cause fatal bleeding.",
      start: 5,
      end: 33,
      publishedOn: "2019",
      isSample: false,
      status: "superseded",
    });
    const text = answerWithReferences(
      null,
      anAnswer({
        filters: { languages: ["en"] },
        warnings: [aWarning({ citations: [label] })],
        contrasts: [aContrast()],
        sentences: [],
      }),
      origin,
    );
    expect(text.split("\n\n").slice(0, 3)).toEqual([
      "Searched only: English",
      "BOXED WARNING: Warfarin\n“It can cause fatal bleeding.” [SUPERSEDED] Warfarin tablets. 2019. Boxed warning. https://probatum.example/sources/label-1?start=5&end=33",
      expect.stringMatching(/^Sources differ: dose\nGuideline, 2024: “.+” \[SAMPLE DOCUMENT\] .+\nDrug label, 2019: “/),
    ]);
    expect(text).not.toContain("References");
  });

  it("writes the heading of a group above its sentences, once", () => {
    const sentences = [0, 1].map((index) => aSentence({ index, group: "Inhaler steps in adults" }));
    const text = answerWithReferences(null, anAnswer({ sentences }), origin);
    expect(text.match(/^Inhaler steps in adults$/gm)).toHaveLength(1);
  });
});

import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { extractText, getDocumentProxy } from "unpdf";
import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";
import { pubmedArticle, takeIn } from "./records.ts";
import { changeStoredAnswer } from "./stored-answers.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const question = "Does brumolide relieve harvest elbow itch?";
const early = "Brumolide relieved harvest elbow itch in 41 of 60 adults.";
const late = "Brumolide relieved harvest elbow itch no better than placebo in 900 adults.";

test("filters are chosen in words, sent, shown on the question, kept, and narrow what is found", async ({
  signedIn: page,
  app,
}) => {
  await takeIn(
    app,
    pubmedArticle({ pmid: "990000011", title: "Brumolide for harvest elbow itch", abstract: early, year: 2016 }),
    pubmedArticle({
      pmid: "990000012",
      title: "Brumolide against placebo for harvest elbow itch",
      abstract: late,
      year: 2024,
      publicationType: "Randomized Controlled Trial",
    }),
  );
  await ask(page, question);
  await untilAnswered(page);
  await expect(answerOf(page).getByText(early)).toBeVisible();

  await page.getByRole("button", { name: "Filters none set" }).click();
  const dialog = page.getByRole("dialog", { name: "Filters" });
  await dialog.getByLabel("Randomised trial").check();
  await dialog.getByRole("combobox", { name: "Publication type" }).fill("Randomized Controlled Trial");
  await dialog.getByLabel("Language", { exact: true }).selectOption("English");
  await expectFitLooks(page, "filters");
  await dialog.getByRole("button", { name: "Use these filters" }).click();
  await askAgain(page);
  await expect(answerOf(page).getByText(late)).toBeVisible();
  await expect(answerOf(page).getByText(early)).toHaveCount(0);
  const asked = page.getByRole("list", { name: "Filters of this question" });
  await expect(asked.getByRole("listitem")).toHaveText(["Randomised trial", "Randomized Controlled Trial", "English"]);
  await expect(answerOf(page).getByRole("region", { name: "How the question was read" })).toContainText(
    "Randomised trial · Randomized Controlled Trial · English",
  );

  await page.reload();
  await page.getByRole("button", { name: "Remove the filter English" }).click();
  await expect(page.getByRole("button", { name: "Filters 2 set" })).toBeVisible();
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await expect(page.getByRole("list", { name: "Filters of the next question" })).toHaveCount(0);
  await askAgain(page);
  await expect(answerOf(page).getByText(early)).toBeVisible();
});

test("as of an earlier day, newer sources are not found; dates that leave nothing are said in words", async ({
  signedIn: page,
  app,
}) => {
  const compared = "Is brumolide better than placebo for harvest elbow itch?";
  await ask(page, compared);
  await untilAnswered(page);
  await expect(answerOf(page).getByText(late)).toBeVisible();

  await page.goto(app.address);
  await page.getByRole("button", { name: "Filters none set" }).click();
  const dialog = page.getByRole("dialog", { name: "Filters" });
  await dialog.getByLabel("Published from").fill("2021-01-01");
  await dialog.getByLabel("Known by").fill("2020-06-30");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText(
    "Nothing published from 1 Jan 2021 on was known by 30 Jun 2020",
  );
  await expect(dialog.getByLabel("Known by")).toBeFocused();
  await expectFitLooks(page, "dates that leave nothing");
  await dialog.getByLabel("Published from").fill("");
  await dialog.getByRole("button", { name: "Use these filters" }).click();
  await expect(dialog).toHaveCount(0);
  await ask(page, compared);
  await untilAnswered(page);
  await expect(page.getByRole("list", { name: "Filters of this question" })).toHaveText("Known by 30 Jun 2020");
  await expect(answerOf(page).getByText(early)).toBeVisible();
  await expect(answerOf(page).getByText(late)).toHaveCount(0);
});

test("every source says what it is, from when, and how deeply it was read; its quote says so too", async ({
  signedIn: page,
}) => {
  await ask(page, "When should the dose of apixaban be reduced in atrial fibrillation?");
  await untilAnswered(page);
  const sources = answerOf(page).getByRole("region", { name: /^\d+ sources?$/ });
  await expect(sources.getByText("Guideline", { exact: true }).first()).toBeVisible();
  await expect(sources.getByText(/^Read: guideline page/).first()).toBeVisible();
  await expect(sources.getByText(/^\d{1,2} \w{3} \d{4}$/).first()).toBeVisible();
  const marker = answerOf(page)
    .getByRole("link", { name: /^Source \d+: .*guideline/i })
    .first();
  await marker.hover();
  const preview = page.getByRole("region", { name: /^Preview of source/ });
  await expect(preview.getByText(/^Read: guideline page \d+$/)).toBeVisible();
  await marker.click();
  await expect(page.getByRole("region", { name: "Quoted passage" }).getByText(/^Read: guideline page/)).toBeVisible();
});

test("the boxed warning of a drug that is named is shown unasked, and opens in its label", async ({
  signedIn: page,
}) => {
  await ask(page, "What INR range is the target for warfarin in atrial fibrillation?");
  await untilAnswered(page);
  const boxed = answerOf(page).getByRole("region", { name: /^Boxed warning: .*warfarin/i });
  await expect(boxed.getByText(/major or fatal bleeding/)).toBeVisible();
  await expect(boxed.getByText("Read: label section").first()).toBeVisible();
  const first = await answerOf(page)
    .getByRole("link", { name: /^Source 1: / })
    .first()
    .boundingBox();
  expect((await boxed.boundingBox())?.y).toBeLessThan(first?.y ?? 0);
  await expectFitLooks(page, "warnings");
  const item = boxed.getByRole("listitem").filter({ hasText: "fatal bleeding" });
  await item.getByRole("link", { name: /^Boxed warning in .*warfarin/i }).click();
  await expect(page.getByRole("region", { name: "Quoted passage" })).toContainText(/fatal bleeding/);
});

test("an emergency gets what to do now instead of an answer, and looks like nothing else", async ({
  signedIn: page,
}) => {
  await ask(page, "My father has crushing chest pain and is turning blue right now, what should I do?");
  await untilAnswered(page);
  const card = answerOf(page).getByRole("region", { name: "Instead of an answer: Emergency" });
  await expect(card.getByText(/emergency/i).first()).toBeVisible();
  await expect(answerOf(page).getByRole("heading", { name: "Searched", exact: true })).toHaveCount(0);
  await expect(answerOf(page).getByRole("link", { name: /^Source \d/ })).toHaveCount(0);
  await expectFitLooks(page, "emergency");
});

test("how a question was read is told: an abbreviation that was taken for its words", async ({ signedIn: page }) => {
  await ask(page, "Which anticoagulant is preferred in AF?");
  await untilAnswered(page);
  await expect(answerOf(page).getByRole("region", { name: "How the question was read" })).toContainText(
    /“AF” as “atrial fibrillation”/i,
  );
});

test("a suggested question is asked by pressing it, of the same collections", async ({ signedIn: page, app }) => {
  const asked = await page.request.post(`${app.address}/api/conversations`, {
    data: {
      question: "What are the contraindications of warfarin?",
      collections: ["drug_labels"],
      filters: { languages: ["en"] },
    },
    headers: { origin: app.address },
  });
  const { conversationId } = (await asked.json()) as { conversationId: string };
  await page.goto(`${app.address}/c/${conversationId}`);
  await untilAnswered(page);
  const suggestions = page.getByRole("region", { name: "The same sources also answer" }).getByRole("button");
  const suggested = (await suggestions.first().innerText()).trim();
  await suggestions.first().click();
  await expect(page.getByRole("article", { name: "Question" }).last()).toContainText(suggested);
  await expect(page.getByRole("article", { name: "Question" }).last()).toContainText("Put to: FDA drug labels");
  await expect(page.getByRole("list", { name: "Filters of this question" }).last()).toHaveText("English");
  await untilAnswered(page);
  await expect(
    answerOf(page)
      .getByRole("link", { name: /^Source 1: / })
      .first(),
  ).toBeVisible();
});

test("how an answer was made opens from it, with the passages, their scores and whether they still stand", async ({
  signedIn: page,
}) => {
  await ask(page, "What is given first for anaphylaxis?");
  await untilAnswered(page);
  const opener = answerOf(page).getByRole("button", { name: "How this answer was made" });
  await opener.click();
  const receipt = page.getByRole("dialog", { name: "How this answer was made" });
  await expect(receipt.getByText("Quoted sentences, no model")).toBeVisible();
  const passages = receipt.getByRole("region", { name: "Passages" }).getByRole("listitem");
  await expect(passages.first()).toContainText(/Lexical\s*\d+\.\d\d\s*Dense\s*-?\d\.\d{3}\s*Fused/);
  await expect(passages.filter({ hasText: "Cited in the answer" }).first()).toContainText("Stands as it was");
  await expect(receipt.getByText(/version \d+, unchanged since/).first()).toBeVisible();
  await expect(receipt.getByText("In all")).toBeVisible();
  await expectFitLooks(page, "receipt");
  await page.keyboard.press("Escape");
  await expect(receipt).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test("an answer goes out as a PDF with its references, the conversation's sources as RIS", async ({
  signedIn: page,
}) => {
  await ask(page, "What is given first for anaphylaxis?");
  await untilAnswered(page);
  const download = async (menu: Locator, form: string) => {
    await menu.click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: form, exact: true }).click(),
    ]);
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const answer = await download(answerOf(page).getByRole("button", { name: "Download" }), "PDF");
  expect(answer.name).toBe("What-is-given-first-for-anaphylaxis.pdf");
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(answer.bytes)), { mergePages: true });
  expect(text).toMatch(/What is given first for anaphylaxis\?[\s\S]*\[1\][\s\S]*References\s+1\. /);
  expect(text).toContain("Sample document, not a real source");

  await page.getByRole("button", { name: "Options for What is given first for anaphylaxis?" }).first().click();
  const sources = await download(page.getByRole("menuitem", { name: "Download" }), "RIS");
  expect(sources.bytes.toString()).toMatch(/^TY {2}- \w+\r\nID {2}- [\s\S]+\r\nER {2}- \r\n/);
});

test("sources that differ stand side by side, each with its date and its way into the source", async ({
  signedIn: page,
  app,
}) => {
  await ask(page, "When should the dose of apixaban be reduced in atrial fibrillation?");
  await untilAnswered(page);
  await changeStoredAnswer(app, conversationOf(page), (answer) => {
    const [first, second = first] = answer.sentences.flatMap(({ citations }) => citations);
    if (!first || !second) throw new Error("the samples no longer answer this");
    const sides = [
      { label: "Guideline, 2025", citation: { ...first, ocr: 0.871 } },
      { label: "Drug label, 2019", citation: { ...second, status: "superseded" as const, publishedOn: "2019-03" } },
    ];
    const dropped = [{ text: "The dose is 77 mg.", reason: "number_not_in_quote" as const }];
    return { ...answer, contrasts: [{ about: "dose of apixaban", sides }], dropped };
  });
  await page.reload();
  const differ = answerOf(page).getByRole("region", { name: "Sources differ: dose of apixaban" });
  const sides = differ.getByRole("listitem");
  await expect(sides).toHaveCount(2);
  await expect(sides.nth(0)).toContainText("Text recognised from a scan (confidence 87 %)");
  await expect(sides.nth(1)).toContainText("Superseded");
  await expect(sides.nth(1)).toContainText("Mar 2019");
  const tops = async () => Promise.all([sides.nth(0), sides.nth(1)].map(async (side) => (await side.boundingBox())?.y));
  const [left, right] = await tops();
  expect(left).toBe(right);
  await page.setViewportSize({ width: 390, height: 844 });
  const [upper, lower] = await tops();
  expect(upper).toBeLessThan(lower ?? 0);
  await page.setViewportSize({ width: 1280, height: 720 });

  await answerOf(page).getByText("1 sentence left out").click();
  await expect(answerOf(page).getByText("A number or unit in it does not stand in its quote.")).toBeVisible();
  await expectFitLooks(page, "contrasts and what was left out");
  await sides.nth(1).getByRole("link").click();
  await expect(page.getByRole("region", { name: "Quoted passage" })).toBeVisible();
});

test("what a document or a model wrote is shown as text, never as markup", async ({ signedIn: page, app }) => {
  await ask(page, "What is given first for anaphylaxis?");
  await untilAnswered(page);
  const attack = '<img src="/planted.png"><a href="https://evil.invalid">press</a>';
  await changeStoredAnswer(app, conversationOf(page), (answer) => {
    const [citation] = answer.sentences.flatMap(({ citations }) => citations);
    if (!citation) throw new Error("the samples no longer answer this");
    const planted = { ...citation, quote: attack, title: attack, section: attack };
    return {
      ...answer,
      warnings: [{ kind: "boxed_warning", drug: attack, citations: [planted] }],
      contrasts: [{ about: attack, sides: [planted, planted].map((one) => ({ label: attack, citation: one })) }],
      understanding: { searchText: attack, parts: [attack], changes: [{ kind: "spelling", from: attack, to: attack }] },
      followUps: [attack],
      dropped: [{ text: attack, reason: "link" }],
      redirection: { kind: "unclear", title: attack, text: attack },
    };
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.reload();
  await expect(answerOf(page).getByText(attack).first()).toBeVisible();
  await expect(page.locator('img, a[href^="https://evil.invalid"], a[href^="//"]')).toHaveCount(0);
  expect(asked.filter((url) => /planted|evil/.test(new URL(url).pathname + new URL(url).host))).toEqual([]);
});

function conversationOf(page: Page): string {
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

async function askAgain(page: Page): Promise<void> {
  const answers = page.getByRole("article", { name: "Answer" });
  const before = await answers.count();
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(answers).toHaveCount(before + 1);
  await untilAnswered(page);
}

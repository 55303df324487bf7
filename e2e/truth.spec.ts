import type { Page } from "@playwright/test";
import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";
import { overflow, seriousFindings } from "./looks.ts";
import { pubmedArticle, takeIn } from "./records.ts";

test.describe.configure({ mode: "serial" });

const article = "990000001";
const notice = "990000002";
const erratum = "990000003";
const sentence = "Zanolixime at 40 mg daily prevented relapse of nocturnal wrist vertigo in adults.";

let answered: string;

test("an article is cited as it stands", async ({ signedIn: page, app }) => {
  test.setTimeout(180_000);
  await takeIn(
    app,
    pubmedArticle({ pmid: article, title: "Zanolixime for nocturnal wrist vertigo", abstract: sentence }),
  );
  await ask(page, "Which dose of zanolixime prevents relapse of nocturnal wrist vertigo?");
  await untilAnswered(page);
  answered = page.url();
  await expect(answerOf(page).getByText(sentence)).toBeVisible();
  await expect(changes(page)).toHaveCount(0);
});

test("once its retraction is learnt, the stored answer says so on its next view", async ({ signedIn: page, app }) => {
  test.setTimeout(180_000);
  await takeIn(
    app,
    pubmedArticle({
      pmid: notice,
      title: "Retraction: Zanolixime for wrist vertigo",
      abstract: null,
      about: ["RetractionOf", article],
    }),
  );
  await page.goto(answered);
  await expect(changes(page).getByText("A source of this answer has since been retracted.")).toBeVisible();
  await expect(changes(page).getByText(`PMID ${notice}`)).toBeVisible();
  const answer = answerOf(page);
  await expect(answer.getByText("Rests only on a retracted source").first()).toBeVisible();
  const marker = answer.getByRole("link", { name: /^Source \d+: Zanolixime.*\(Retracted\)$/ }).first();
  await expect(marker).toBeVisible();
  await marker.hover();
  await expect(
    page.getByRole("region", { name: /^Preview of source/ }).getByText("Retracted", { exact: true }),
  ).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await seriousFindings(page), colorScheme).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(changes(page)).toBeVisible();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test("the source page says it too, and leads to the notice", async ({ signedIn: page }) => {
  await page.goto(answered);
  await changes(page)
    .getByRole("link", { name: /^Source \d+: Zanolixime/ })
    .click();
  await expect(page.getByText("This article has been retracted. Do not rely on it.")).toBeVisible();
  await page.getByText("1 related record").click();
  await page.getByRole("link", { name: /^Retraction: Zanolixime/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Retraction: Zanolixime/ })).toBeVisible();
  await expect(page.getByText("This article has been retracted.")).toHaveCount(0);
});

test("a notice that its source takes back marks no longer; a correction is named and marks nothing", async ({
  signedIn: page,
  app,
}) => {
  test.setTimeout(180_000);
  await takeIn(
    app,
    `<DeleteCitation><PMID>${notice}</PMID></DeleteCitation>`,
    pubmedArticle({
      pmid: erratum,
      title: "Erratum: Zanolixime for wrist vertigo",
      abstract: null,
      about: ["ErratumFor", article],
    }),
  );
  await page.goto(answered);
  await expect(answerOf(page).getByText(sentence)).toBeVisible();
  await expect(changes(page)).toHaveCount(0);
  await expect(answerOf(page).getByText(`Corrected in PMID ${erratum}.`)).toBeVisible();
  await answerOf(page)
    .getByRole("link", { name: /^Source \d+: Zanolixime/ })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Corrections" }).getByRole("link", { name: /^Erratum/ })).toBeVisible();
});

test("an article that its source deletes stays to be read by those it was quoted to", async ({
  signedIn: page,
  app,
}) => {
  test.setTimeout(180_000);
  await takeIn(app, `<DeleteCitation><PMID>${article}</PMID></DeleteCitation>`);
  await page.goto(answered);
  await expect(changes(page).getByText("A source of this answer has since been withdrawn.")).toBeVisible();
  await changes(page)
    .getByRole("link", { name: /^Source \d+: Zanolixime/ })
    .click();
  await expect(page.getByRole("region", { name: "Quoted passage" })).toBeVisible();
  await expect(page.getByText("Its source no longer holds it.")).toBeVisible();
  await page.goto(app.address);
  await ask(page, "Which dose of zanolixime prevents relapse of nocturnal wrist vertigo?");
  await untilAnswered(page);
  await expect(answerOf(page).getByText(sentence)).toHaveCount(0);
});

function changes(page: Page) {
  return page.getByRole("region", { name: "What has changed since this was answered" });
}

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { App } from "./app.ts";
import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";

test.describe.configure({ mode: "serial" });

const article = "990000001";
const notice = "990000002";
const erratum = "990000003";
const sentence = "Zanolixime at 40 mg daily prevented relapse of nocturnal wrist vertigo in adults.";

let directory: string;
let answered: string;
test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "probatum-truth-"));
});
test.afterAll(() => rm(directory, { recursive: true, force: true }));

test("an article is cited as it stands", async ({ signedIn: page, app }) => {
  test.setTimeout(180_000);
  await takeIn(app, pubmedArticle(article, "Zanolixime for nocturnal wrist vertigo", sentence));
  await ask(page, "Which dose of zanolixime prevents relapse of nocturnal wrist vertigo?");
  await untilAnswered(page);
  answered = page.url();
  await expect(answerOf(page).getByText(sentence)).toBeVisible();
  await expect(changes(page)).toHaveCount(0);
});

test("once its retraction is learnt, the stored answer says so on its next view", async ({ signedIn: page, app }) => {
  test.setTimeout(180_000);
  await takeIn(app, pubmedArticle(notice, "Retraction: Zanolixime for wrist vertigo", null, ["RetractionOf", article]));
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
    pubmedArticle(erratum, "Erratum: Zanolixime for wrist vertigo", null, ["ErratumFor", article]),
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

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`);
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Takes records into the PubMed collection of the running application, by the command an operator uses. */
async function takeIn(app: App, ...records: string[]): Promise<void> {
  const file = join(directory, `${Date.now()}.xml`);
  await writeFile(file, `<?xml version="1.0"?>\n<PubmedArticleSet>${records.join("\n")}</PubmedArticleSet>`);
  const { DATABASE_URL, REDIS_URL, S3_ENDPOINT, OBJECT_STORE, ...env } = process.env;
  await promisify(execFile)(process.execPath, ["cli/launch.mjs", "ingest/cli.ts", "pubmed_abstracts", file], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...env, DATA_DIR: app.directory, LOG_LEVEL: "warn" },
  });
}

function pubmedArticle(pmid: string, title: string, abstract: string | null, about?: [type: string, pmid: string]) {
  const link = about
    ? `<CommentsCorrectionsList><CommentsCorrections RefType="${about[0]}"><RefSource>J Fixt. 2026;1:1</RefSource><PMID Version="1">${about[1]}</PMID></CommentsCorrections></CommentsCorrectionsList>`
    : "";
  const text = abstract ? `<Abstract><AbstractText>${abstract}</AbstractText></Abstract>` : "";
  return `<PubmedArticle><MedlineCitation><PMID Version="1">${pmid}</PMID><Article><Journal><JournalIssue><PubDate><Year>2026</Year></PubDate></JournalIssue><Title>Journal of Fixtures</Title></Journal><ArticleTitle>${title}</ArticleTitle>${text}<Language>eng</Language><PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList></Article>${link}</MedlineCitation></PubmedArticle>`;
}

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page, Request } from "@playwright/test";
import PDFDocument from "pdfkit";
import { openObjectStore } from "#lib/storage/objects/index.ts";
import { type App, startApp } from "./app.ts";
import { answerOf, ask, expect, test as shared, untilAnswered } from "./fixtures.ts";
import { seriousFindings } from "./looks.ts";

/** An application of its own: what is read in here must not turn up in the answers of other tests. */
const test = shared.extend<object, { app: App }>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const app = await startApp();
      await use(app);
      await app.stop();
      await app.remove();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const long = { timeout: 120_000 };

test("a run over stored files is followed to its end, its failure is named, and a retry takes it in", async ({
  signedIn: page,
  app,
}) => {
  const good = pubmedArticle("991000001", "Brelotamide for chronic elbow hum", claim);
  await putObject(app, "inbox/first/records.xml", pubmedSet(good, "<PubmedArticle><MedlineCitation/></PubmedArticle>"));
  await page.getByRole("link", { name: "Administration" }).click();
  await page.getByRole("link", { name: "PubMed abstracts" }).click();

  await page.getByLabel("Read from").selectOption({ label: "PubMed, by query" });
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page.getByRole("alert").getByText("query: is missing")).toBeVisible();

  await startObjectRun(page, "originals/", "Start the run");
  await expect(page.getByRole("alert").getByText("not from “originals/”")).toBeVisible();

  await startObjectRun(page, "inbox/first/", "Dry run");
  await expect(status(page)).toContainText("Complete", long);
  await expect(status(page)).toContainText("Dry run");
  await expect(fact(page, "Would be new")).toHaveText("1");

  await openCollection(page, app, "pubmed_abstracts");
  await startObjectRun(page, "inbox/first/", "Start the run");
  await expect(status(page)).toContainText("Complete", long);
  await expect(fact(page, "Records read")).toHaveText("2");
  await expect(fact(page, "New")).toHaveText("1");
  const failures = page.getByRole("region", { name: "Failed records" }).getByRole("row");
  await expect(failures.filter({ hasText: "records.xml" })).toHaveCount(1);
  await expect(failures.filter({ hasText: "records.xml" })).toContainText("PMID");
  const failedRun = page.url();

  const mended = pubmedArticle("991000002", "Elbow hum in the young", "Elbow hum is rarely seen before puberty.");
  await putObject(app, "inbox/first/records.xml", pubmedSet(good, mended));
  await page.getByRole("button", { name: "Retry 1 failed record" }).click();
  await expect(page.getByRole("link", { name: "an earlier run" })).toBeVisible();
  await expect(status(page)).toContainText("Complete", long);
  await page.goto(failedRun);
  await expect(fact(page, "Failed")).toContainText("1 taken in since");
  await expect(page.getByRole("link", { name: "A later run" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Retry/ })).toHaveCount(0);

  await page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: "Runs" }).click();
  await expect(runRows(page)).toHaveCount(3 + 5);
  await page.getByLabel("Collection", { exact: true }).selectOption({ label: "FDA drug labels" });
  await expect(page).toHaveURL(/collection=drug_labels/);
  await expect(runRows(page)).toHaveCount(1);
  await page.getByLabel("Status", { exact: true }).selectOption({ label: "Cancelled" });
  await expect(page.getByText("No run fits this filter.")).toBeVisible();
});

test("a long run shows its progress and rates, and is paused, resumed and cancelled", async ({
  signedIn: page,
  app,
}) => {
  const records = Array.from({ length: 6000 }, (_, at) => {
    const words = `Participant group ${at} had a mean elbow hum of ${at % 97} decibel after ${at % 13} weeks.`;
    return pubmedArticle(String(992000000 + at), `Elbow hum cohort ${at}`, words);
  });
  await putObject(app, "inbox/long/cohort.xml", pubmedSet(...records));
  await openCollection(page, app, "pubmed_abstracts");
  await startObjectRun(page, "inbox/long/", "Start the run");
  await expect(status(page)).toContainText("Running", long);
  await expect(page.getByText("inbox/long/cohort.xml")).toBeVisible(long);
  await expect(fact(page, "Records read")).not.toHaveText("0", long);
  await expect(page.getByRole("img", { name: /^Rates over time/ })).toBeVisible(long);
  await page.getByText("As a table").click();
  await expect(page.getByRole("region", { name: "Rates over time" }).getByRole("row").nth(1)).toBeVisible();

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(status(page)).toContainText("Paused", long);
  expect(await requestsWithin(page, 30_000), "a paused run is not asked after").toBe(0);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(status(page)).toContainText("Running", long);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel the run" }).click();
  await expect(status(page)).toContainText("Cancelled", long);
  await expect(page.getByRole("button", { name: "Resume" })).toHaveCount(0);
});

test("PDFs are dropped or chosen, each is told of, and a run takes them in", async ({ signedIn: page, app }) => {
  await openCollection(page, app, "guidelines");
  await page.getByRole("link", { name: "Upload PDFs" }).click();
  await expect(page.getByRole("button", { name: "Choose files" })).toBeEnabled();
  await page.getByLabel("PDF files").setInputFiles([
    { name: "elbow-hum.pdf", mimeType: "application/pdf", buffer: await guidelinePdf() },
    { name: "torn.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nthe rest was lost") },
  ]);
  await dropFile(page, "letter.pdf", "Dear colleague, this is no PDF.");
  const files = page.getByRole("list", { name: "Files", exact: true }).getByRole("listitem");
  await expect(files.filter({ hasText: "elbow-hum.pdf" })).toContainText("Sent");
  await expect(files.filter({ hasText: "torn.pdf" })).toContainText("Sent");
  await expect(files.filter({ hasText: "letter.pdf" })).toContainText("Refused: “letter.pdf” is no PDF");

  await page.getByRole("button", { name: "Take 2 files in" }).click();
  await expect(status(page)).toContainText("Complete", long);
  const results = page.getByRole("list", { name: "Uploaded files" }).getByRole("listitem");
  await expect(results.filter({ hasText: "elbow-hum.pdf" })).toContainText("Taken in");
  await expect(results.filter({ hasText: "torn.pdf" })).toContainText("Failed: ");
  await expect(page.getByText("letter.pdf was not sent")).toBeVisible();
  await page.getByRole("link", { name: "See the run" }).click();
  await expect(fact(page, "New")).toHaveText("1");
  await expect(results.filter({ hasText: "torn.pdf" })).toContainText("Failed: ");

  const foreign = await page.request.post(`${app.address}/api/admin/collections/guidelines/uploads`, {
    headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" },
  });
  expect(foreign.status()).toBe(403);
});

test("a schedule is made, says when it is due, is disabled and deleted", async ({ signedIn: page, app }) => {
  await openCollection(page, app, "consumer_health");
  await page.getByRole("button", { name: "New schedule" }).click();
  const form = page.getByRole("form", { name: "New schedule" });
  await form.getByLabel("When").selectOption({ label: "At other times …" });
  await form.getByLabel("Minute, hour").fill("61 2 * * *");
  await form.getByRole("button", { name: "Create the schedule" }).click();
  await expect(form.getByRole("alert")).toContainText("“61 2 * * *” is no schedule");
  await form.getByLabel("When").selectOption({ label: "Every Monday at 02:30" });
  await form.getByRole("button", { name: "Create the schedule" }).click();
  const schedule = page.getByRole("listitem").filter({ hasText: "Every Monday at 02:30" });
  await expect(schedule).toContainText("Next due");
  await schedule.getByRole("button", { name: /^Disable/ }).click();
  await expect(schedule).toContainText("Disabled: it is never due");
  await schedule.getByRole("button", { name: /^Delete/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(schedule).toHaveCount(0);
});

test("a re-embedding with the settings in use is refused in words", async ({ signedIn: page, app }) => {
  await openCollection(page, app, "consumer_health");
  await page.getByRole("button", { name: "Re-embed" }).click();
  const form = page.getByRole("form", { name: "Re-embed" });
  await form.getByLabel("Model").fill("all-MiniLM-L6-v2");
  await form.getByLabel("Dimensions").fill("384");
  await form.getByRole("button", { name: "Fill a new space" }).click();
  await expect(form.getByRole("alert")).toContainText("embedded with exactly these settings already");
});

test("an answer whose source was retracted since is listed, and leads to its conversation", async ({
  signedIn: page,
  app,
}) => {
  const question = "Which dose of brelotamide relieves chronic elbow hum?";
  await ask(page, question);
  await untilAnswered(page);
  await expect(answerOf(page).getByText(claim)).toBeVisible();
  await page.goto(`${app.address}/admin/answers`);
  await expect(page.getByText("No stored answer rests on a source")).toBeVisible();

  const notice = pubmedArticle("991000009", "Retraction: Brelotamide for elbow hum", null, "991000001");
  await putObject(app, "inbox/notice/notice.xml", pubmedSet(notice));
  await openCollection(page, app, "pubmed_abstracts");
  await startObjectRun(page, "inbox/notice/", "Start the run");
  await expect(status(page)).toContainText("Complete", long);
  await page.getByRole("link", { name: "Answers to look at" }).click();
  const answer = page.getByRole("list", { name: "Answers to look at" }).getByRole("listitem");
  await expect(answer).toHaveCount(1);
  await expect(answer).toContainText("Retracted");
  await expect(answer.getByRole("link", { name: "Brelotamide for chronic elbow hum" })).toBeVisible();
  await answer.getByRole("link", { name: question }).click();
  await expect(answerOf(page)).toContainText("has since been retracted");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no page has a serious finding, wide or narrow (${colorScheme})`, async ({ signedIn: page, app }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(`${app.address}/admin/runs?status=cancelled`);
    const run = await runRows(page).first().getByRole("link").getAttribute("href");
    const paths = [
      "/admin",
      "/admin/collections/guidelines",
      "/admin/collections/guidelines/upload",
      "/admin/runs",
      run ?? "",
      "/admin/answers",
    ];
    for (const path of paths) {
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(app.address + path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await seriousFindings(page), `${path} at ${width}`).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
        if (process.env.SCREENSHOTS) {
          const name = `${path.replaceAll("/", "_")}-${width}-${colorScheme}.png`;
          await page.screenshot({ path: join(process.env.SCREENSHOTS, name), fullPage: true });
        }
      }
    }
  });
}

test("a clinician sees no way in, is told whom the pages are for, and is refused by every route", async ({
  app,
  browser,
}) => {
  const email = "clinician@probatum.local";
  const { stdout } = await promisify(execFile)(process.execPath, ["cli/launch.mjs", "cli/user.ts", "add", email], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...embeddedEnv(), DATA_DIR: app.directory, LOG_LEVEL: "warn" },
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${app.address}/admin/runs`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(stdout.trim());
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "This page is for administrators" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Administration" })).toHaveCount(0);
  const id = "00000000-0000-4000-8000-000000000000";
  const reads = ["collections", "collections/guidelines", "runs", `runs/${id}`, `runs/${id}/failures`];
  for (const path of [...reads, `runs/${id}/files`, "collections/guidelines/schedules", "marked-answers"]) {
    const response = await page.request.get(`${app.address}/api/admin/${path}`);
    expect([path, response.status(), (await response.json()).error.code]).toEqual([path, 403, "forbidden"]);
  }
  const writes: [method: string, path: string, data: object][] = [
    ["POST", "collections/guidelines/runs", { request: { kind: "objects", prefix: "inbox/" } }],
    ["POST", "collections/guidelines/spaces", { provider: "local-minilm", model: "m", dimensions: 384 }],
    ["POST", "collections/guidelines/spaces/1/activate", {}],
    ["POST", "collections/guidelines/spaces/rollback", {}],
    ["DELETE", "collections/guidelines/spaces/1", {}],
    ["POST", "collections/guidelines/schedules", { request: { kind: "medlineplus" }, cron: "0 0 * * *" }],
    ["PATCH", `schedules/${id}`, { enabled: false }],
    ["DELETE", `schedules/${id}`, {}],
    ["POST", "collections/guidelines/uploads", {}],
    ["PUT", `collections/guidelines/uploads/${id}/files?name=a.pdf`, {}],
    ["POST", `collections/guidelines/uploads/${id}/run`, {}],
    ...["pause", "resume", "cancel", "retry"].map((verb): [string, string, object] => [
      "POST",
      `runs/${id}/${verb}`,
      {},
    ]),
  ];
  for (const [method, path, data] of writes) {
    const response = await page.request.fetch(`${app.address}/api/admin/${path}`, { method, data });
    expect([method, path, response.status()]).toEqual([method, path, 403]);
  }
  await context.close();
});

const claim = "Brelotamide at 15 mg twice daily relieved chronic elbow hum in adults.";

function status(page: Page) {
  return page.getByRole("status", { name: "Status of the run" });
}

function fact(page: Page, name: string) {
  return page
    .getByRole("term")
    .filter({ hasText: new RegExp(`^${name}$`) })
    .locator("+ dd");
}

function runRows(page: Page) {
  return page
    .getByRole("region", { name: "Table of runs" })
    .getByRole("row")
    .filter({ has: page.getByRole("cell") });
}

async function openCollection(page: Page, app: App, slug: string): Promise<void> {
  await page.goto(`${app.address}/admin/collections/${slug}`);
  await expect(page.getByRole("button", { name: "Start the run" })).toBeVisible();
}

async function startObjectRun(page: Page, prefix: string, press: "Start the run" | "Dry run"): Promise<void> {
  await page.getByLabel("Read from").selectOption({ label: "Object store" });
  await page.getByLabel("Keys beginning with").fill(prefix);
  await page.getByRole("button", { name: press }).click();
}

/** How many requests the page makes, unasked, while its clock goes on by so many milliseconds. */
/** Questions to the server's routes; what a slow machine still loads of the page itself is none. */
async function requestsWithin(page: Page, milliseconds: number): Promise<number> {
  let count = 0;
  const counting = (request: Request) => {
    const { pathname } = new URL(request.url());
    // The sidebar reads the list of conversations, whatever page stands beside it.
    if (pathname.startsWith("/api/") && pathname !== "/api/conversations") count += 1;
  };
  await page.clock.install();
  await page.reload();
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  page.on("request", counting);
  await page.clock.runFor(milliseconds);
  page.off("request", counting);
  return count;
}

async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ name, text }) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name, { type: "application/pdf" }));
      return data;
    },
    { name, text },
  );
  await page.getByRole("region", { name: "Drop PDFs here" }).dispatchEvent("drop", { dataTransfer: transfer });
}

/** What an operator puts into the object store of the embedded default. */
async function putObject(app: App, key: string, text: string): Promise<void> {
  const store = await openObjectStore(join(app.directory, "objects"), {});
  await store.put(key, Buffer.from(text), { contentType: "application/xml" });
  await store.close();
}

function embeddedEnv(): NodeJS.ProcessEnv {
  const { DATABASE_URL, REDIS_URL, S3_ENDPOINT, OBJECT_STORE, ...env } = process.env;
  return env;
}

async function guidelinePdf(): Promise<Buffer> {
  const pdf = new PDFDocument({ size: "A4", info: { Title: "Management of elbow hum" } });
  const parts: Buffer[] = [];
  pdf.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => pdf.once("end", resolve));
  pdf.fontSize(20).text("Management of elbow hum").moveDown();
  pdf.fontSize(14).text("1 Recommendations").moveDown();
  pdf.fontSize(11).text("Rest the elbow for two weeks before any drug is considered. ".repeat(8));
  pdf.end();
  await ended;
  return Buffer.concat(parts);
}

function pubmedSet(...records: string[]): string {
  return `<?xml version="1.0"?>\n<PubmedArticleSet>${records.join("\n")}</PubmedArticleSet>`;
}

function pubmedArticle(pmid: string, title: string, abstract: string | null, retracts?: string): string {
  const link = retracts
    ? `<CommentsCorrectionsList><CommentsCorrections RefType="RetractionOf"><RefSource>J Fixt. 2026;1:1</RefSource><PMID Version="1">${retracts}</PMID></CommentsCorrections></CommentsCorrectionsList>`
    : "";
  const text = abstract ? `<Abstract><AbstractText>${abstract}</AbstractText></Abstract>` : "";
  return `<PubmedArticle><MedlineCitation><PMID Version="1">${pmid}</PMID><Article><Journal><JournalIssue><PubDate><Year>2026</Year></PubDate></JournalIssue><Title>Journal of Fixtures</Title></Journal><ArticleTitle>${title}</ArticleTitle>${text}<Language>eng</Language><PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList></Article>${link}</MedlineCitation></PubmedArticle>`;
}

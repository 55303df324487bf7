import { readFile } from "node:fs/promises";
import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const question = "What is given first for anaphylaxis?";
const note = "The new edition says otherwise.";

test("an answer is called helpful, and that is taken back; a problem is told, changed and withdrawn", async ({
  signedIn: page,
}) => {
  await ask(page, question);
  await untilAnswered(page);
  const helpful = answerOf(page).getByRole("button", { name: "Helpful" });
  await expect(helpful).toHaveAttribute("aria-pressed", "false");
  await helpful.click();
  await expect(helpful).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await expect(helpful).toHaveAttribute("aria-pressed", "true");
  await helpful.click();
  await expect(helpful).toHaveAttribute("aria-pressed", "false");

  const report = answerOf(page).getByRole("button", { name: "Report a problem" });
  await report.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "What is wrong with this answer?" });
  await expect(dialog.getByRole("button", { name: "Send" })).toBeDisabled();
  await dialog.getByRole("radio", { name: /^Wrong/ }).check();
  await expectFitLooks(page, "reporting a problem");
  await dialog.getByRole("textbox", { name: /^Note/ }).fill("x".repeat(2001));
  await expect(dialog.getByText(/^1 characters? too many\.$/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Send" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: /^Note/ }).fill("");
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(dialog).toHaveCount(0);
  const reported = answerOf(page).getByRole("button", { name: "Reported: wrong" });
  await expect(reported).toBeFocused();
  await reported.click();
  await dialog.getByRole("button", { name: "Withdraw" }).click();
  await expect(report).toBeVisible();
  await page.reload();
  await expect(report).toBeVisible();
});

test("a sentence is marked by keyboard; administrators see it with its quote, resolve it and take it out as a case", async ({
  signedIn: page,
  app,
}) => {
  await ask(page, question);
  await untilAnswered(page);
  const mark = answerOf(page).getByRole("button", { name: "Feedback on this sentence" }).first();
  await mark.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "What about this sentence?" });
  await dialog.getByRole("radio", { name: /^Outdated/ }).check();
  await dialog.getByRole("textbox", { name: /^Note/ }).fill(note);
  await dialog.getByRole("button", { name: "Send" }).click();
  const given = answerOf(page).getByRole("button", { name: "Your feedback on this sentence: outdated" });
  await expect(given).toBeFocused();
  await expectFitLooks(page, "a marked sentence");
  await page.reload();
  await expect(given).toBeVisible();

  await page.goto(`${app.address}/admin/feedback`);
  const item = page.getByRole("list", { name: "Feedback" }).getByRole("listitem").filter({ hasText: note });
  await expect(item).toContainText("Outdated");
  await expect(item).toContainText("Of the sentence");
  await expect(item.getByRole("blockquote")).not.toHaveCount(0);
  await expectFitLooks(page, "feedback in the administration");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as cases" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("feedback-cases.jsonl");
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
  const cases = lines.map((line) => JSON.parse(line) as { question: string; mustNotInclude: string[] });
  expect(cases).toContainEqual(expect.objectContaining({ question, expectation: "any" }));

  await item.getByRole("button", { name: "Resolve" }).click();
  await expect(item.getByRole("button", { name: "Open again" })).toBeVisible();
  await page.reload();
  await expect(
    page.getByText("Nothing has been said that fits this.").or(page.getByRole("list", { name: "Feedback" })),
  ).toBeVisible();
  await expect(item).toHaveCount(0);
  await page.getByLabel("State").selectOption("Resolved");
  await expect(page).toHaveURL(/state=resolved/);
  await expect(item).toContainText("Resolved");
  await page.getByLabel("What was said").selectOption("Helpful");
  await expect(page).toHaveURL(/kind=helpful/);
  await expect(item).toHaveCount(0);
  await page.getByLabel("What was said").selectOption("Anything");
  await item.getByRole("link", { name: question }).click();
  await expect(given).toBeVisible();
});

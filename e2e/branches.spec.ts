import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import type { App } from "./app.ts";
import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";
import { inDatabase, lengthen } from "./stored-conversations.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const first = "What is given first for anaphylaxis?";
const second = "How soon may intramuscular adrenaline be repeated in anaphylaxis?";
const third = "Are corticosteroids given routinely in anaphylaxis?";
const fourth = "In what position should a person with anaphylaxis be placed?";

test("a question is edited in place; its earlier wording, answers and what followed them stay reachable", async ({
  signedIn: page,
}) => {
  await ask(page, first);
  await untilAnswered(page);
  await askFurther(page, second);

  const edit = questions(page).first().getByRole("button", { name: "Edit this question" });
  await edit.click();
  const box = page.getByRole("textbox", { name: "The question in other words" });
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(first);
  await expect(page.getByRole("button", { name: "Ask this instead" })).toBeDisabled();
  await box.fill("Something else");
  await page.keyboard.press("Escape");
  await expect(edit).toBeFocused();
  await expect(questions(page).first()).toContainText(first);

  await edit.click();
  await expectFitLooks(page, "editing a question");
  await box.fill(third);
  await page.keyboard.press("Enter");
  await expect(questions(page)).toHaveCount(1);
  await expect(questions(page).first()).toContainText(third);
  await untilAnswered(page);
  const versions = questions(page).first().getByRole("group", { name: "Versions of this question" });
  await expect(versions).toContainText("2 of 2");

  const earlier = versions.getByRole("button", { name: "Earlier question" });
  await earlier.focus();
  await page.keyboard.press("Enter");
  await expect(versions).toContainText("1 of 2");
  await expect(earlier).toBeFocused();
  await expect(questions(page)).toHaveText([new RegExp(escaped(first)), new RegExp(escaped(second))]);
  await expectFitLooks(page, "versions of a question");

  // A further question goes to the branch that is shown.
  await askFurther(page, fourth);
  await expect(questions(page)).toHaveCount(3);
  await page.reload();
  await expect(questions(page)).toHaveText([first, second, fourth].map((text) => new RegExp(escaped(text))));
  await versions.getByRole("button", { name: "Later question" }).click();
  await expect(questions(page)).toHaveText([new RegExp(escaped(third))]);
});

test("an answer given again stands beside the first; one that failed is tried again", async ({
  signedIn: page,
  app,
}) => {
  await ask(page, first);
  await untilAnswered(page);
  await answerOf(page).getByRole("button", { name: "Regenerate" }).click();
  const versions = answerOf(page).getByRole("group", { name: "Versions of this answer" });
  await expect(versions).toContainText("2 of 2");
  await untilAnswered(page);
  const shown = await answerOf(page).getAttribute("id");
  await inDatabase(app, "update messages set status = 'failed', answer = null where id = $1", [
    shown?.replace("answer-", ""),
  ]);
  await page.reload();
  await expect(answerOf(page).getByText("This answer could not be finished.")).toBeVisible();
  await answerOf(page).getByRole("button", { name: "Try again" }).click();
  await expect(versions).toContainText("3 of 3");
  await untilAnswered(page);
  const earlier = versions.getByRole("button", { name: "Earlier answer" });
  await earlier.focus();
  await page.keyboard.press("Enter");
  await expect(answerOf(page).getByText("This answer could not be finished.")).toBeVisible();
  await expect(earlier, "leafing on needs no search for the button").toBeFocused();
  await page.keyboard.press("Enter");
  await expect(versions).toContainText("1 of 3");
  await expect(
    answerOf(page)
      .getByRole("link", { name: /^Source 1: / })
      .first(),
  ).toBeVisible();
});

test("earlier messages come above without moving what is read, until the first", async ({ signedIn: page, app }) => {
  await ask(page, first);
  await untilAnswered(page);
  await lengthen(app, conversationOf(page), 60);
  await page.reload();
  await expect(questions(page)).toHaveCount(25);
  const top = questions(page).first();
  await expect(top).toContainText("Question number 37");
  await top.scrollIntoViewIfNeeded();
  const read = page.getByRole("article", { name: "Question" }).filter({ hasText: "Question number 37" });
  const earlier = page.getByRole("button", { name: "Earlier messages" });
  await earlier.scrollIntoViewIfNeeded();
  const before = await read.boundingBox();
  await earlier.click();
  await expect(questions(page)).toHaveCount(50);
  const after = await read.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
  await earlier.click();
  await expect(questions(page)).toHaveCount(61);
  await expect(earlier).toHaveCount(0);
  await expect(questions(page).first()).toContainText(first);
  await expect(questions(page).first().getByRole("group", { name: "Versions of this question" })).toHaveCount(0);

  // What is asked now follows the last, and what was loaded stays.
  await askFurther(page, second);
  await expect(questions(page)).toHaveCount(62);
  await questions(page).nth(1).getByRole("button", { name: "Edit this question" }).click();
  await page.getByRole("textbox", { name: "The question in other words" }).fill(third);
  await page.keyboard.press("Enter");
  await expect(questions(page)).toHaveCount(2);
  await expect(questions(page).nth(1)).toContainText("2 of 2");
});

test("what a colleague asks on another branch moves nobody, and is a press away", async ({
  signedIn: page,
  app,
  browser,
}) => {
  await ask(page, first);
  await untilAnswered(page);
  await askFurther(page, second);
  const id = conversationOf(page);
  const colleague = await addColleague(app, id);
  await page.reload();
  await expect(questions(page)).toHaveCount(2);

  const context = await browser.newContext({ baseURL: app.address, extraHTTPHeaders: { origin: app.address } });
  const signedIn = await context.request.post("/api/auth/sign-in/email", { data: colleague });
  expect(signedIn.ok()).toBe(true);
  const posted = await context.request.post(`/api/conversations/${id}/messages`, {
    data: { question: third, parentId: null },
  });
  expect(posted.status()).toBe(202);
  await context.close();

  const told = page.getByText(`Colleague asked on another branch: “${third}”`);
  await expect(told).toBeVisible();
  await expect(questions(page)).toHaveCount(2);
  await expect(questions(page).first()).toContainText("1 of 2");
  await expectFitLooks(page, "a question on another branch");
  await page.getByRole("button", { name: "Show it" }).click();
  await expect(questions(page)).toHaveText([new RegExp(escaped(third))]);
  await expect(told).toHaveCount(0);
  await expect(questions(page).first()).toContainText("Colleague");
  await expect(page.getByRole("button", { name: "Edit this question" })).toHaveCount(0);
});

function questions(page: Page) {
  return page.getByRole("article", { name: "Question" });
}

async function askFurther(page: Page, question: string): Promise<void> {
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(questions(page).last()).toContainText(question);
  await untilAnswered(page);
}

/** Somebody else of the tenant who may ask in the conversation. */
async function addColleague(app: App, conversationId: string): Promise<{ email: string; password: string }> {
  const email = "colleague@example.org";
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["cli/launch.mjs", "cli/user.ts", "add", email, "--name", "Colleague"],
    { cwd: join(import.meta.dirname, ".."), env: { ...process.env, DATABASE_URL: "", DATA_DIR: app.directory } },
  );
  await inDatabase(
    app,
    `insert into participants (conversation_id, participant_id, kind, role)
     select $1, id::text, 'human', 'writer' from users where email = $2`,
    [conversationId, email],
  );
  return { email, password: stdout.trim().split("\n").at(-1) ?? "" };
}

function conversationOf(page: Page): string {
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

function escaped(text: string): string {
  return text.replace(/[?.]/g, "\\$&");
}

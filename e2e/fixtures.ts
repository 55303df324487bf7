import { test as base, expect, type Page } from "@playwright/test";
import { type App, startApp } from "./app.ts";

/** One application for all test files of a worker, without a language model. */
export const test = base.extend<{ signedIn: Page }, { app: App }>({
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
  signedIn: async ({ page, app }, use) => {
    await signIn(page, app);
    await use(page);
  },
});

export { expect };

// Sign-in attempts are limited, so a session is kept for the tests that only need to be signed in.
const sessions = new Map<string, Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>>();

/** Signs in through the form the first time, and by the kept session afterwards; ends on the new-question page. */
export async function signIn(page: Page, app: App): Promise<void> {
  const kept = sessions.get(app.address);
  if (kept) {
    await page.context().addCookies(kept);
    await page.goto(app.address);
  } else {
    await page.goto(app.address);
    await page.getByLabel("E-mail").fill(app.email);
    await page.getByLabel("Password").fill(app.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  }
  await expect(page.getByRole("textbox", { name: "Your question" })).toBeVisible();
  sessions.set(app.address, await page.context().cookies());
}

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}/);
}

export function answerOf(page: Page) {
  return page.getByRole("article", { name: "Answer" }).last();
}

export async function untilAnswered(page: Page): Promise<void> {
  await expect(answerOf(page)).toHaveAttribute("aria-busy", "false");
}

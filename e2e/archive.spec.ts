import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const question = "How is a severe asthma attack treated?";
const reason = "Reported as incomplete by the ward";

async function giveReason(page: Page, form: string): Promise<void> {
  const asked = page.getByRole("form", { name: form });
  await asked.getByLabel("Kind of reason").selectOption("Incident or error");
  await asked.getByLabel("Reason", { exact: true }).fill(reason);
}

test("a conversation is found, read for a reason that is recorded, and exported", async ({ signedIn: page, app }) => {
  await ask(page, question);
  await untilAnswered(page);
  const words = await answerOf(page).getByRole("paragraph").first().textContent();
  const id = /\/c\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";

  await page.goto(`${app.address}/admin/archive`);
  await page.getByLabel("Words").fill("asthma attack");
  await page.getByRole("button", { name: "Find" }).click();
  const found = page.getByRole("list", { name: "Conversations found" });
  // Others may have asked the same.
  const asked = found.locator(`a[href="/admin/archive/${id}"]`);
  await expect(asked).toHaveText(question);
  await expectFitLooks(page, "archive");
  await asked.click();

  const form = "Why you read this conversation";
  await expect(page.getByRole("form", { name: form })).toBeVisible();
  await expect(page.getByRole("list", { name: "Messages" })).toHaveCount(0);
  expect(await page.content()).not.toContain((words ?? "").slice(0, 40));
  await expectFitLooks(page, "reason");
  await giveReason(page, form);
  await page.getByRole("button", { name: "Record and read" }).click();
  const messages = page.getByRole("list", { name: "Messages" });
  await expect(messages.getByRole("article", { name: "Question" })).toContainText(question);
  await expect(messages.getByRole("list", { name: "Sources" }).first()).toBeVisible();
  await expectFitLooks(page, "read");

  await page.goto(`${app.address}/admin/audit?action=archive.read`);
  const row = page.getByRole("row").filter({ hasText: id }).first();
  await expect(row).toContainText("archive.read");
  await expect(row).toContainText(reason);
  await expectFitLooks(page, "audit log");

  await page.goto(`${app.address}/admin/archive?words=asthma`);
  await page.getByText("Export", { exact: true }).click();
  await giveReason(page, "Export all that is found");
  await page.getByRole("button", { name: "Ask for the export" }).click();
  const link = page.getByRole("list", { name: "Your jobs" }).getByRole("link", { name: /^Download/ });
  await expect(link).toBeVisible({ timeout: 60_000 });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^conversations-.*\.csv$/);
  const csv = await readFile(await download.path(), "utf8");
  expect(csv.startsWith('"conversation","title"')).toBe(true);
  expect(csv).toContain(question);
  await page.goto(`${app.address}/admin/audit?action=archive.export`);
  await expect(page.getByRole("row").filter({ hasText: "archive.export.download" })).toBeVisible();
});

test("usage and one's own data have nothing in the way of a reader", async ({ signedIn: page, app }) => {
  await page.goto(`${app.address}/admin/usage`);
  await expect(page.getByRole("img", { name: /^Questions by day/ })).toBeVisible();
  await page.getByText("As a table").first().click();
  await expect(page.getByRole("region", { name: "Questions by day" })).toBeVisible();
  await expectFitLooks(page, "usage");
  await page.goto(`${app.address}/your-data`);
  await page.getByRole("button", { name: "Ask for a copy" }).click();
  await expect(page.getByRole("link", { name: /^Download/ })).toBeVisible({ timeout: 60_000 });
  await expectFitLooks(page, "your data");
});

test("switched off, the archive shows nothing until an owner switches it on", async ({ signedIn: page, app }) => {
  await page.goto(`${app.address}/admin/archive`);
  const choose = async (mode: RegExp) => {
    const form = page.getByRole("form", { name: "How much the archive shows" });
    const label = (await form.getByRole("option").allTextContents()).find((text) => mode.test(text)) ?? "";
    await form.getByLabel("How much the archive shows").selectOption({ label });
    await form.getByRole("button", { name: "Change" }).click();
  };
  await choose(/^Pseudonymised/);
  await expect(page.getByRole("list", { name: "Conversations found" })).toContainText(/Person [A-Z2-9]{10}/);
  await choose(/^Off/);
  await expect(page.getByText("has switched the archive off")).toBeVisible();
  await expect(page.getByRole("list", { name: "Conversations found" })).toHaveCount(0);
  expect((await page.request.get(`${app.address}/api/admin/archive`)).status()).toBe(403);
  await expectFitLooks(page, "archive off");
  await choose(/^Normal/);
  await expect(page.getByRole("list", { name: "Conversations found" })).toBeVisible();
});

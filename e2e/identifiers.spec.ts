import type { Page } from "@playwright/test";
import { ask, expect, test, untilAnswered } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const question = "Mrs Wilhelmina Hartley, MRN 40718823: which INR is the target for warfarin in atrial fibrillation?";
const preview = (page: Page) => page.getByRole("region", { name: /patient identifiers/ });

test("identifiers are shown before they are replaced, and their reader keeps the words", async ({ signedIn: page }) => {
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await expect(preview(page)).toContainText("2 patient identifiers will be replaced before the question is sent");
  await expect(preview(page)).toContainText("Mrs [NAME-1], MRN [RECORD-1]: which INR");
  await expectFitLooks(page, "identifiers");
  await ask(page, question);
  await untilAnswered(page);
  const asked = page.getByRole("article", { name: "Question" });
  await expect(asked).toContainText(question);
  await expect(asked).toContainText("2 patient identifiers replaced before anything was searched");
  await page.reload();
  await expect(asked).toContainText(question);
});

test("an organisation may refuse them", async ({ signedIn: page, app }) => {
  await page.goto(`${app.address}/admin/settings`);
  await page.getByRole("radio", { name: /^Refuse/ }).check();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.goto(app.address);
  const box = page.getByRole("textbox", { name: "Your question" });
  await box.fill(question);
  await expect(page.getByRole("region", { name: /takes no patient identifiers/ })).toBeVisible();
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Nothing was stored" })).toBeVisible();
  await expect(box).toHaveValue(question);
  await page.goto(`${app.address}/admin/settings`);
  await page.getByRole("radio", { name: "Replace", exact: false }).first().check();
  await expect(page.getByText("Saved.")).toBeVisible();
});

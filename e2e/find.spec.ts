import { ask, expect, test, untilAnswered } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const anaphylaxis = "Which drug is given first when anaphylaxis is suspected?";
const metformin = "At which eGFR should metformin be stopped or its dose reduced?";
const simvastatin = "Which drugs interact with simvastatin?";

test("a word typed into the search finds its message, marked, and opens the conversation at it", async ({
  signedIn: page,
  app,
}) => {
  for (const question of [anaphylaxis, metformin, simvastatin]) {
    await page.goto(app.address);
    await ask(page, question);
    await untilAnswered(page);
  }
  await page.goto(app.address);
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: "Search your conversations" });
  await expect(box).toBeFocused();
  const recent = page.getByRole("listbox", { name: "Recent conversations" });
  await expect(recent.getByRole("option").first()).toContainText(simvastatin);

  await box.pressSequentially("metfor");
  const results = page.getByRole("listbox", { name: "Results" });
  await expect(results.getByRole("group", { name: metformin })).toBeVisible();
  await expect(results.getByRole("option").first().locator("mark").first()).toHaveText(/metformin/i);
  await expectFitLooks(page, "search");
  // The keys go round; the first is chosen again.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(results.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}\?message=[0-9a-f-]{36}$/);
  const message = new URL(page.url()).searchParams.get("message");
  await expect(page.locator(`#answer-${message}, #question-${message}`)).toBeFocused();
  await expect(page.locator(`#answer-${message}, #question-${message}`)).toBeInViewport();
});

test("meaning and dates find too, and nothing found is said", async ({ signedIn: page, app }) => {
  await page.getByRole("button", { name: "Search", exact: true }).click();
  const box = page.getByRole("combobox", { name: "Search your conversations" });
  const results = page.getByRole("listbox", { name: "Results" });
  // None of these words stands in the conversation; its vector is made a moment after the answer.
  await expect(async () => {
    await box.fill("cholesterol lowering medicines combined");
    await expect(results.getByRole("group", { name: simvastatin })).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await box.fill("metformin today");
  await expect(results.getByRole("group", { name: metformin })).toBeVisible();
  await expect(results.getByRole("group", { name: anaphylaxis })).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: "Read as:" })).toBeVisible();
  await box.fill("metformin yesterday");
  await expect(page.getByText("Nothing found.")).toBeVisible();
  await expect(results.getByRole("option")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(box).toHaveCount(0);

  await page.goto(`${app.address}/search?q=metformin`);
  await page.getByRole("list", { name: "Results" }).getByRole("link", { name: metformin }).first().click();
  await expect(page.getByRole("heading", { name: metformin })).toBeAttached();
});

test("a conversation is pinned, labelled, archived and put back, deleted and restored", async ({ signedIn: page }) => {
  const sidebar = page.getByRole("navigation", { name: "Conversations" });
  const choose = async (question: string, item: string) => {
    await page.getByRole("button", { name: `Options for ${question}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose(anaphylaxis, "Pin");
  await expect(sidebar.getByRole("region", { name: "Pinned" }).getByRole("link", { name: anaphylaxis })).toBeVisible();

  await choose(metformin, "Labels");
  const dialog = page.getByRole("dialog", { name: "Labels" });
  await dialog.getByLabel("New label").fill("Kidney");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByRole("list", { name: "Labels of this conversation" })).toContainText("Kidney");
  await expectFitLooks(page, "labels");
  await dialog.getByRole("button", { name: "Save" }).click();
  await sidebar.getByRole("button", { name: "Kidney", exact: true }).click();
  await expect(sidebar.getByRole("link", { name: metformin })).toBeVisible();
  await expect(sidebar.getByRole("link", { name: anaphylaxis })).toHaveCount(0);
  await sidebar.getByRole("button", { name: "Kidney", exact: true }).click();
  await expect(sidebar.getByRole("link", { name: anaphylaxis })).toBeVisible();

  await choose(simvastatin, "Archive");
  await page.getByRole("alertdialog").getByRole("button", { name: "Archive" }).click();
  await expect(sidebar.getByRole("link", { name: simvastatin })).toHaveCount(0);
  await sidebar.getByRole("link", { name: "Archived" }).click();
  const archived = page.getByRole("list", { name: "Archived conversations" });
  await expect(archived).toContainText(simvastatin);
  await expectFitLooks(page, "archive");
  await archived.getByRole("button", { name: `Put back: ${simvastatin}` }).click();
  await expect(sidebar.getByRole("link", { name: simvastatin })).toBeVisible();

  await choose(simvastatin, "Delete");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(sidebar.getByRole("link", { name: simvastatin })).toHaveCount(0);
  await sidebar.getByRole("link", { name: "Trash" }).click();
  await page.getByRole("button", { name: `Restore: ${simvastatin}` }).click();
  await expect(sidebar.getByRole("link", { name: simvastatin })).toBeVisible();
  await expect(page.getByText("The trash is empty.")).toBeVisible();
});

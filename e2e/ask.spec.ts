import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";

test("a question is answered in sentences whose markers show and open the quote at its place", async ({
  signedIn: page,
}) => {
  await ask(page, "When should the dose of apixaban be reduced in atrial fibrillation?");
  await untilAnswered(page);
  const answer = answerOf(page);
  await expect(answer.getByText("Quoted from sources")).toBeVisible();
  const marker = answer.getByRole("link", { name: /^Source 1: / }).first();
  await expect(marker).toBeVisible();
  await marker.hover();
  const preview = page.getByRole("region", { name: "Preview of source 1" });
  await expect(preview).toBeVisible();
  await expect(preview.getByText("Sample", { exact: false }).first()).toBeVisible();

  await marker.click();
  await expect(page).toHaveURL(/\/sources\/\d+\?/);
  const quoted = page.getByRole("region", { name: "Quoted passage" });
  await expect(quoted).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "do not stand" })).toHaveCount(0);
  await page.getByRole("link", { name: "Back to the answer" }).click();
  await expect(answerOf(page)).toBeVisible();
});

test("a guideline opens as a PDF with the quote marked on its page", async ({ signedIn: page, app }) => {
  const asked = await page.request.post(`${app.address}/api/conversations`, {
    data: {
      question: "What is the loading dose of magnesium sulfate in severe pre-eclampsia?",
      collections: ["guidelines"],
    },
    headers: { origin: app.address },
  });
  expect(asked.status()).toBe(201);
  const { conversationId } = (await asked.json()) as { conversationId: string };
  await page.goto(`${app.address}/c/${conversationId}`);
  await untilAnswered(page);
  await answerOf(page)
    .getByRole("link", { name: /^Source 1: / })
    .first()
    .click();
  const mark = page.getByRole("note", { name: /^Quote on page \d+/ }).first();
  await expect(mark).toBeInViewport();
  const quote = ((await mark.getAttribute("aria-label")) ?? "").replace(/^Quote on page \d+: /, "");
  expect(quote.length).toBeGreaterThan(10);
  const box = await mark.boundingBox();
  expect(box?.width).toBeGreaterThan(20);
  await expect(page.locator("canvas").first()).toBeVisible();
});

test("a question that nothing answers gets the evidence gap, not a guess", async ({ signedIn: page }) => {
  await ask(page, "What is the recommended dose of nusinersen in spinal muscular atrophy?");
  await untilAnswered(page);
  const answer = answerOf(page);
  await expect(answer.getByRole("heading", { name: "Searched", exact: true })).toBeVisible();
  await expect(answer.getByText(/through/i).first()).toBeVisible();
  await expect(answer.getByText(/nusinersen/).first()).toBeVisible();
  await expect(answer.getByRole("link", { name: /^Source \d/ })).toHaveCount(0);
});

test("two tabs of one conversation stay in step, and a reload shows the same", async ({ signedIn: page, context }) => {
  await ask(page, "When is metformin contraindicated by kidney function?");
  await untilAnswered(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await untilAnswered(other);
  await page
    .getByRole("textbox", { name: "Your question" })
    .fill("What is the first-line vasopressor in septic shock?");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(other.getByText("What is the first-line vasopressor in septic shock?").first()).toBeVisible();
  await expect(other.getByRole("article", { name: "Answer" })).toHaveCount(2);
  await untilAnswered(other);
  await untilAnswered(page);
  const seen = await answerOf(page).innerText();
  expect(await answerOf(other).innerText()).toBe(seen);
  await page.reload();
  await untilAnswered(page);
  expect(await answerOf(page).innerText()).toBe(seen);
});

test("only the chosen collections are searched", async ({ signedIn: page, app }) => {
  const asked = await page.request.post(`${app.address}/api/chat`, {
    data: { question: "How is warfarin affected by clarithromycin?", collections: ["drug_labels"] },
    headers: { origin: app.address },
  });
  expect(asked.ok()).toBe(true);
  const events = (await asked.text()).split("\n").filter((line) => line.startsWith("data:"));
  const done = JSON.parse((events.at(-1) as string).slice(5)) as {
    message: { answer: { sentences: { citations: { collection: string }[] }[] } };
  };
  const collections = done.message.answer.sentences.flatMap(({ citations }) =>
    citations.map(({ collection }) => collection),
  );
  expect(collections.length).toBeGreaterThan(0);
  expect(new Set(collections)).toEqual(new Set(["drug_labels"]));
});

test("strangers get nothing: pages lead to sign-in, routes answer 401", async ({ page, app }) => {
  for (const path of ["/", "/collections", "/sources/1", "/c/00000000-0000-4000-8000-000000000000"]) {
    await page.goto(`${app.address}${path}`);
    await expect(page, path).toHaveURL(/\/sign-in/);
  }
  for (const path of ["/api/conversations", "/api/collections", "/api/documents/1", "/api/documents/1/original"]) {
    expect((await page.request.get(`${app.address}${path}`)).status(), path).toBe(401);
  }
});

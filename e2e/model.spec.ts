import {
  type ModelReply,
  type ModelRequest,
  type ModelServer,
  startModelServer,
} from "#lib/chat-models/testing/index.ts";
import { type App, startApp } from "./app.ts";
import { answerOf, ask, expect, signIn, test, untilAnswered } from "./fixtures.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(400_000);

let model: ModelServer;
let app: App;
/** What the model says next; each test sets its own. */
let reply: (request: ModelRequest) => ModelReply = () => "";

test.beforeAll(async () => {
  model = await startModelServer({ reply: (request) => reply(request) });
  app = await startApp({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "test", CHAT_MODEL: "scripted" });
});

test.afterAll(async () => {
  await app?.stop();
  await app?.remove();
  await model?.close();
});

test("what the model supports is shown, its invented quote and wrong number are dropped and counted", async ({
  page,
}) => {
  await signIn(page, app);
  reply = (request) => {
    const quote = firstSentence(request);
    return [
      line(`Reported at once: ${quote}`, quote),
      line("A miracle cure heals everyone within days.", "Everyone was healed within days by the miracle cure."),
      line("The dose is 98765 mg.", quote),
    ].join("\n");
  };
  await ask(page, "How is a severe asthma attack treated?");
  await untilAnswered(page);
  const answer = answerOf(page);
  await expect(answer.getByText("Reported at once")).toBeVisible();
  await expect(answer.getByText(/Written by scripted/)).toBeVisible();
  await expect(answer.getByText("98765").filter({ visible: true })).toHaveCount(0);
  await answer.getByText(/2 sentences/).click();
  await expect(answer.getByText("A miracle cure heals everyone within days.")).toBeVisible();
  await expect(answer.getByText("Its quote does not stand in the source.")).toBeVisible();
  await expect(answer.getByText("A number or unit in it does not stand in its quote.")).toBeVisible();
  await answer.getByRole("button", { name: "How this answer was made" }).click();
  const receipt = page.getByRole("dialog", { name: "How this answer was made" });
  await expect(receipt.getByText(/Written by scripted, prompt version \S+/)).toBeVisible();
});

test("a reload in the middle of an answer loses nothing and doubles nothing", async ({ page, context }) => {
  await signIn(page, app);
  const gate = Promise.withResolvers<void>();
  reply = (request) => {
    const quote = firstSentence(request);
    return (async function* () {
      yield `${line(`Reported early: ${quote}`, quote)}\n`;
      await gate.promise;
      yield `${line(`Reported later: ${quote}`, quote)}\n`;
    })();
  };
  await ask(page, "Which inhaler relieves asthma symptoms?");
  await expect(page.getByText("Reported early")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Reported early")).toHaveCount(1);
  await expect(answerOf(page)).toHaveAttribute("aria-busy", "true");
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByText("Reported early")).toHaveCount(1);
  gate.resolve();
  for (const tab of [page, other]) {
    await untilAnswered(tab);
    await expect(tab.getByText("Reported early")).toHaveCount(1);
    await expect(tab.getByText("Reported later")).toHaveCount(1);
  }
});

test("stop keeps what was shown and says that it was stopped", async ({ page }) => {
  await signIn(page, app);
  const never = Promise.withResolvers<void>();
  reply = (request) => {
    const quote = firstSentence(request);
    return (async function* () {
      yield `${line(`Reported in part: ${quote}`, quote)}\n`;
      await never.promise;
    })();
  };
  await ask(page, "What is given for anaphylaxis?");
  await expect(page.getByText("Reported in part")).toBeVisible();
  await page.getByRole("button", { name: /Stop/ }).click();
  await expect(answerOf(page).getByText("This answer was stopped.")).toBeVisible();
  await expect(page.getByText("Reported in part")).toBeVisible();
  never.resolve();
});

test("a model that is down fails visibly, and trying again keeps the question", async ({ page }) => {
  await signIn(page, app);
  reply = () => ({ status: 400, message: "the model is not loaded" });
  await ask(page, "Which antibiotics treat pneumonia?");
  await untilAnswered(page);
  await expect(answerOf(page).getByText(/did not finish/)).toBeVisible();
  reply = (request) => {
    const quote = firstSentence(request);
    return line(`Reported in the end: ${quote}`, quote);
  };
  await answerOf(page).getByRole("button", { name: "Try again" }).click();
  await expect(answerOf(page).getByText("Reported in the end")).toBeVisible();
});

function line(text: string, quote: string): string {
  return JSON.stringify({ text, quotes: [{ passage: 1, quote }] });
}

/** The first sentence of the first passage the model was given, as a careful model would copy it. */
function firstSentence(request: ModelRequest): string {
  const prompt = request.messages.map(({ content }) => content).join("\n");
  const block = /<passage number="1">\n(?:.+\n)+\n([\s\S]*?)\n<\/passage>/.exec(prompt)?.[1] ?? "";
  return block.split(/(?<=[.!?])\s/)[0] ?? "";
}

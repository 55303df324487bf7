import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "@playwright/test";
import type { App } from "./app.ts";
import { answerOf, ask, expect, test } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const question = "What INR range is the target for warfarin in atrial fibrillation?";
const box = (page: Page) => page.getByRole("textbox", { name: "Your question" });
/** Also behind a dialog. */
const peopleOf = (page: Page) => page.getByRole("list", { name: "People in this conversation", includeHidden: true });
const sharing = (page: Page) => page.getByRole("dialog", { name: "Share this conversation" });
const askingOf = (page: Page) => page.getByRole("status", { name: "Who is asking" });

const ben = { name: "Ben Colleague", email: "ben@ward.example", password: "" };
const cleo = { name: "Cleo Newcomer", email: "cleo@ward.example", password: "" };

/** A colleague, added by the command an operator uses. */
async function addColleague(app: App, person: typeof ben): Promise<void> {
  const { DATABASE_URL, REDIS_URL, S3_ENDPOINT, OBJECT_STORE, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["cli/launch.mjs", "cli/user.ts", "add", person.email, "--name", person.name],
    { cwd: join(import.meta.dirname, ".."), env: { ...env, DATA_DIR: app.directory, LOG_LEVEL: "warn" } },
  );
  person.password = stdout.trim().split("\n").at(-1) ?? "";
}

/** Somebody's own browser, signed in through the form on the way to a path. */
async function signedInAs(browser: Browser, app: App, person: typeof ben, path: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${app.address}${path}`);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${app.address}${path}`);
  return page;
}

async function openSharing(page: Page) {
  await page.getByRole("button", { name: /^(Share|People)$/ }).click();
  await expect(sharing(page).getByRole("list").getByText("(you)")).toBeVisible();
}

test("two colleagues share a conversation: invited, there, asking, answered in one order, and removed", async ({
  signedIn: ada,
  app,
  browser,
}) => {
  await addColleague(app, ben);
  await addColleague(app, cleo);
  await ask(ada, question);
  await expect(answerOf(ada)).toHaveAttribute("aria-busy", "false");
  const path = new URL(ada.url()).pathname;
  const bens = await signedInAs(browser, app, ben, "/");

  await test.step("before he is invited, nothing of it is his", async () => {
    const response = await bens.goto(`${app.address}${path}`);
    expect(response?.status()).toBe(404);
    await expect(bens.getByRole("heading", { name: "There is nothing here to show" })).toBeVisible();
    await expect(bens.getByText(question)).toHaveCount(0);
  });

  await test.step("he is invited by name, as one who may read", async () => {
    await openSharing(ada);
    const form = sharing(ada).getByRole("form", { name: "Invite a colleague" });
    const suggested = ada.waitForResponse((response) => response.url().includes("/api/colleagues?text=Ben"));
    await form.getByRole("combobox", { name: "Invite a colleague" }).fill(ben.name);
    expect(await (await suggested).json()).toMatchObject({ colleagues: [{ name: ben.name, email: ben.email }] });
    await form.getByRole("combobox", { name: "What they may do" }).selectOption("May read");
    await form.getByRole("button", { name: "Invite" }).click();
    await expect(form.getByRole("status")).toHaveText(`${ben.email} takes part now.`);
    await expectFitLooks(ada, "sharing");
    await form.getByRole("combobox", { name: "Invite a colleague" }).fill("nobody@elsewhere.example");
    await form.getByRole("button", { name: "Invite" }).click();
    await expect(sharing(ada).getByRole("alert").first()).toContainText("nobody@elsewhere.example");
  });

  await test.step("he reads, and both see each other; once he may ask, the box is there", async () => {
    await bens.goto(`${app.address}${path}`);
    await expect(answerOf(bens)).toContainText("INR");
    await expect(bens.getByText("You may read this conversation but not ask in it.")).toBeVisible();
    await expect(peopleOf(bens).getByText(/\(you\), here now/)).toHaveCount(1);
    await expect(peopleOf(bens).getByText(/, here now/)).toHaveCount(2);
    await sharing(ada)
      .getByRole("combobox", { name: `Role of ${ben.name}` })
      .selectOption("May ask");
    await expect(box(bens)).toBeVisible();
    await expect(
      sharing(ada)
        .getByText(/here now · has read all/)
        .first(),
    ).toBeVisible();
    await ada.keyboard.press("Escape");
    await expect(peopleOf(ada).getByText(`${ben.name}, here now`)).toHaveCount(1);
    await expectFitLooks(ada, "a shared conversation");
  });

  await test.step("while he writes, she is told; when he stops, no longer", async () => {
    await box(bens).pressSequentially("What about mitral stenosis?");
    await expect(askingOf(ada)).toHaveText(`${ben.name} is asking…`);
    await expect(askingOf(bens)).toBeEmpty();
    await box(bens).fill("");
    await expect(askingOf(ada)).toBeEmpty();
  });

  await test.step("both ask at once: two answers, in one order in both windows", async () => {
    const asked = ["When is the apixaban dose reduced?", "Does warfarin interact with amiodarone?"] as const;
    await box(ada).fill(asked[0]);
    await box(bens).fill(asked[1]);
    await Promise.all([ada, bens].map((page) => page.getByRole("button", { name: "Ask", exact: true }).click()));
    const stored = async (page: Page) => {
      const response = await page.request.get(`${app.address}/api/conversations/${path.slice(3)}`);
      const { messages } = (await response.json()) as {
        messages: { sequenceId: number; role: string; status: string; content: string }[];
      };
      return messages.map(({ sequenceId, role, status }) => `${sequenceId} ${role} ${status}`);
    };
    const expected = [1, 2, 3].flatMap((turn) => [`${turn * 2 - 1} user complete`, `${turn * 2} assistant complete`]);
    await expect.poll(() => stored(ada), { timeout: 60_000 }).toEqual(expected);
    expect(await stored(bens)).toEqual(expected);
    for (const [page, own] of [
      [ada, asked[0]],
      [bens, asked[1]],
    ] as const) {
      await expect(page.getByText(own).first()).toBeVisible();
      await expect(answerOf(page)).toHaveAttribute("aria-busy", "false");
    }
  });

  await test.step("what she reads is marked: he sees it of her", async () => {
    await ada.reload();
    await answerOf(ada).scrollIntoViewIfNeeded();
    await expect
      .poll(
        async () => {
          const response = await ada.request.get(`${app.address}/api/conversations`);
          const { conversations } = (await response.json()) as { conversations: { id: string; unread: number }[] };
          return conversations.find(({ id }) => path.endsWith(id))?.unread;
        },
        { timeout: 20_000 },
      )
      .toBe(0);
  });

  await test.step("a link: signed out, one signs in, sees what it opens, and joins by the button", async () => {
    await openSharing(ada);
    await sharing(ada).getByRole("button", { name: "Create a link" }).click();
    const address = await sharing(ada).getByRole("textbox", { name: "Share link" }).inputValue();
    const cleos = await signedInAs(browser, app, cleo, new URL(address).pathname);
    await expect(cleos.getByRole("heading", { name: question })).toBeVisible();
    await expectFitLooks(cleos, "joining");
    const listed = await cleos.request.get(`${app.address}/api/conversations`);
    expect(await listed.json()).toMatchObject({ conversations: [] }); // looking is not joining
    await cleos.getByRole("button", { name: "Join" }).click();
    await expect(cleos).toHaveURL(`${app.address}${path}`);
    await expect(cleos.getByText("You may read this conversation but not ask in it.")).toBeVisible();
    await expect(peopleOf(ada).getByText(`${cleo.name}, here now`)).toHaveCount(1);

    await cleos.getByRole("button", { name: "People" }).click();
    await expect(sharing(cleos).getByRole("form")).toHaveCount(0);
    await sharing(cleos).getByRole("button", { name: "Leave the conversation" }).click();
    await sharing(cleos).getByRole("button", { name: "Leave", exact: true }).click();
    await expect(box(cleos)).toBeVisible();
    expect((await cleos.goto(`${app.address}${path}`))?.status()).toBe(404);
    await expect(peopleOf(ada).getByText(cleo.name)).toHaveCount(0);

    await sharing(ada).getByRole("button", { name: "End this link" }).click();
    await expect(sharing(ada).getByRole("button", { name: "End this link" })).toHaveCount(0);
    for (const ended of [address, `${app.address}/join/${"A".repeat(43)}`]) {
      expect((await cleos.goto(ended))?.status()).toBe(404);
      await expect(cleos.getByRole("heading", { name: "There is nothing here to show" })).toBeVisible();
    }
  });

  await test.step("he is removed: his page ends at once and says so, and shows nothing of it", async () => {
    await sharing(ada)
      .getByRole("button", { name: `Remove ${ben.name}` })
      .click();
    await sharing(ada).getByRole("button", { name: "Remove", exact: true }).click();
    await expect(bens.getByRole("heading", { name: "You no longer take part in this conversation." })).toBeVisible();
    await expect(bens.getByText(question)).toHaveCount(0);
    await expect(sharing(ada).getByText(ben.email)).toHaveCount(0);
    await expectFitLooks(bens, "removed");
    expect((await bens.goto(`${app.address}${path}`))?.status()).toBe(404);
  });
});

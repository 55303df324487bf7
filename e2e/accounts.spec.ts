import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Browser, test as base, expect, type Page } from "@playwright/test";
import { SMTPServer } from "smtp-server";
import { totp } from "#lib/auth/testing/totp.ts";
import { type App, startApp } from "./app.ts";
import { expectFitLooks } from "./looks.ts";

interface Post {
  address: string;
  /** Resolves with the text of the next mail to come, or one that came and was not read yet. */
  next(): Promise<string>;
  close(): Promise<void>;
}

/** A mail server on this machine. */
async function openPost(): Promise<Post> {
  const come: string[] = [];
  const waiting: ((mail: string) => void)[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, _session, done) {
      void text(stream).then((mail) => {
        const reader = waiting.shift();
        if (reader) reader(mail);
        else come.push(mail);
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    address: `smtp://127.0.0.1:${port}`,
    next: () => {
      const mail = come.shift();
      return mail === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(mail);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** An application of these tests' own, which change its administrator's password. */
const test = base.extend<object, { app: App; post: Post }>({
  post: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const post = await openPost();
      await use(post);
      await post.close();
    },
    { scope: "worker" },
  ],
  app: [
    async ({ post }, use) => {
      const app = await startApp({ SMTP_URL: post.address, SAMPLE_COLLECTIONS: "off" });
      await use(app);
      await app.stop();
      await app.remove();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

test.describe.configure({ mode: "serial" });
test.setTimeout(180_000);

let password = "";
let secret = "";
let backupCodes: string[] = [];
const own = "seven herons stand by the weir";

async function givePassword(page: Page, app: App, given: string): Promise<void> {
  await page.goto(`${app.address}/sign-in?next=/account`);
  await page.getByLabel("E-mail").fill(app.email);
  await page.getByLabel("Password").fill(given);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function untilIn(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
}

/** A browser without cookies, as another device is. */
async function another(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

function section(page: Page, name: string) {
  return page.getByRole("region", { name });
}

test("the printed password is replaced by one of one's own; a common one is refused", async ({ page, app }) => {
  await givePassword(page, app, app.password);
  await untilIn(page);
  const form = section(page, "Password");
  await expect(form.getByText("a password that Probatum made")).toBeVisible();
  await form.getByLabel("Current password").fill(app.password);
  await form.getByLabel("New password").fill("Administrator1");
  await form.getByRole("button", { name: "Change the password" }).click();
  await expect(form.getByRole("alert")).toContainText("on the lists that are tried first");
  await form.getByLabel("New password").fill(own);
  await form.getByRole("button", { name: "Change the password" }).click();
  await expect(form.getByRole("status")).toContainText("Changed");
  await expect(form.getByText("a password that Probatum made")).toHaveCount(0);
  await expectFitLooks(page, "account");
  password = own;
});

test("sessions are listed, and one signed out here is out there at once", async ({ page, app, browser }) => {
  await givePassword(page, app, password);
  await untilIn(page);
  const there = await another(browser);
  await givePassword(there, app, password);
  await untilIn(there);
  await page.reload();
  const list = section(page, "Where you are signed in");
  await expect(list.getByText("this session")).toHaveCount(1);
  await list
    .getByRole("button", { name: /^Sign out Chrome/ })
    .first()
    .click();
  await list.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await there.reload();
  await expect(there).toHaveURL(/\/sign-in/);
});

test("a second factor is turned on by its first code, and asked for after the password", async ({
  page,
  app,
  browser,
}) => {
  await givePassword(page, app, password);
  await untilIn(page);
  const factor = section(page, "Second factor");
  await factor.getByRole("button", { name: "Turn on" }).click();
  await factor.getByLabel("Your password").fill(password);
  await factor.getByRole("button", { name: "Go on" }).click();
  await expect(factor.getByRole("img", { name: /QR code/ })).toBeVisible();
  secret = (await factor.getByText(/^Key: /).textContent())?.replace("Key: ", "") ?? "";
  await expectFitLooks(page, "second factor");
  await factor.getByLabel("Code").fill(totp(secret));
  await factor.getByRole("button", { name: "Turn the second factor on" }).click();
  const codes = factor.getByRole("region", { name: "Backup codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  backupCodes = await codes.allTextContents();

  const there = await another(browser);
  await givePassword(there, app, password);
  await expect(there.getByLabel("Code")).toBeFocused();
  await expectFitLooks(there, "code");
  await there.getByLabel("Code").fill("000000");
  await there.getByRole("button", { name: "Go on" }).click();
  await expect(there.getByRole("alert").filter({ hasText: "not right" })).toBeVisible();
  await there.getByLabel("Code").fill(totp(secret));
  await there.getByRole("button", { name: "Go on" }).click();
  await untilIn(there);

  const third = await another(browser);
  await givePassword(third, app, password);
  await third.getByRole("button", { name: "Use a backup code" }).click();
  await third.getByLabel("Backup code").fill(backupCodes[0] ?? "");
  await third.getByRole("button", { name: "Go on" }).click();
  await untilIn(third);
});

test("an organisation that requires a second factor opens nothing but one's account to a password alone", async ({
  page,
  app,
}) => {
  await givePassword(page, app, password);
  await page.getByRole("button", { name: "Use a backup code" }).click();
  await page.getByLabel("Backup code").fill(backupCodes[1] ?? "");
  await page.getByRole("button", { name: "Go on" }).click();
  await untilIn(page);
  const choose = async () => {
    await page.goto(`${app.address}/admin/settings`);
    const setting = section(page, "Second factor");
    await setting.getByRole("checkbox", { name: "Require a second factor of all members" }).click();
    await expect(setting.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  };
  await choose();
  await expectFitLooks(page, "settings with the second factor");
  await page.goto(`${app.address}/account`);
  const factor = page.getByRole("region", { name: "Second factor", exact: true });
  const told = section(page, "A second factor is required");
  await expect(told).toHaveCount(0);
  await factor.getByRole("button", { name: "Turn off" }).click();
  await factor.getByLabel("Your password").fill(password);
  await factor.getByRole("button", { name: "Turn the second factor off" }).click();
  await expect(told).toContainText("nothing but this page opens");
  await expectFitLooks(page, "required second factor");
  for (const path of ["/", "/admin/settings", "/your-data", "/sign-in"]) {
    await page.goto(`${app.address}${path}`);
    await expect(page).toHaveURL(/\/account$/);
  }
  const refused = await page.request.get(`${app.address}/api/conversations`);
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ error: { code: "second_factor_required" } });
  await factor.getByRole("button", { name: "Turn on" }).click();
  await factor.getByLabel("Your password").fill(password);
  await factor.getByRole("button", { name: "Go on" }).click();
  secret = (await factor.getByText(/^Key: /).textContent())?.replace("Key: ", "") ?? "";
  await factor.getByLabel("Code").fill(totp(secret));
  await factor.getByRole("button", { name: "Turn the second factor on" }).click();
  const codes = factor.getByRole("region", { name: "Backup codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  backupCodes = await codes.allTextContents();
  await expect(told).toHaveCount(0);
  await choose();
});

test("a passkey is added, named, signs in without password or code, and is removed", async ({ page, app }) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await givePassword(page, app, password);
  await page.getByRole("button", { name: "Use a backup code" }).click();
  await page.getByLabel("Backup code").fill(backupCodes[1] ?? "");
  await page.getByRole("button", { name: "Go on" }).click();
  await untilIn(page);
  const passkeys = section(page, "Passkeys");
  await passkeys.getByRole("button", { name: "Add a passkey" }).click();
  await passkeys.getByLabel("Name").fill("Ward computer");
  await passkeys.getByLabel("Your password").fill(password);
  await passkeys.getByRole("button", { name: "Make the passkey" }).click();
  await expect(passkeys.getByText("Ward computer")).toBeVisible();
  await passkeys.getByRole("button", { name: "Rename Ward computer" }).click();
  await passkeys.getByLabel("New name of Ward computer").fill("Ward 7");
  await passkeys.getByRole("button", { name: "Save" }).click();
  await expect(passkeys.getByText("Ward 7")).toBeVisible();

  await page.context().clearCookies();
  await page.goto(`${app.address}/sign-in?next=/account`);
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.getByRole("button", { name: /a passkey$/ }).click();
  await expect(page.getByRole("button", { name: /a passkey$/ })).toBeEnabled();
  await expect(page).toHaveURL(/\/sign-in/);
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await page.getByRole("button", { name: /a passkey$/ }).click();
  await untilIn(page);

  await passkeys.getByRole("button", { name: "Remove Ward 7" }).click();
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).getByRole("button", { name: "Remove" }).click();
  await expect(passkeys.getByText("Ward 7")).toHaveCount(0);
  await page.context().clearCookies();
  await page.goto(`${app.address}/sign-in`);
  await page.getByRole("button", { name: /a passkey$/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "not known here" })).toBeVisible();
});

test("a forgotten password is replaced by the link in a mail, which works once", async ({ page, app, post }) => {
  await page.goto(`${app.address}/sign-in`);
  await page.getByRole("link", { name: "Forgotten your password?" }).click();
  // Both pages have a field of this name.
  await expect(page.getByRole("heading", { name: "Forgotten password" })).toBeVisible();
  const told = page.getByRole("status").filter({ hasText: "a link is on its way" });
  await page.getByLabel("E-mail").fill("nobody@example.org");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(told).toBeVisible();
  await page.reload();
  await page.getByLabel("E-mail").fill(app.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(told).toBeVisible();
  await expectFitLooks(page, "forgotten");
  const mail = (await post.next()).replace(/=\r?\n/g, "").replaceAll("=3D", "=");
  expect(mail).toContain(`To: ${app.email}`);
  const link = /http:\/\/\S+\/account\/reset#\S+/.exec(mail)?.[0] ?? "";
  await page.goto(link);
  await page.getByLabel("New password").fill("nine geese under the bridge");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your password is changed" })).toBeVisible();
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByLabel("New password").fill("ten swans under the bridge");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "used already" })).toBeVisible();
  await givePassword(page, app, "nine geese under the bridge");
  await page.getByRole("button", { name: "Use a backup code" }).click();
  await page.getByLabel("Backup code").fill(backupCodes[2] ?? "");
  await page.getByRole("button", { name: "Go on" }).click();
  await untilIn(page);
  const factor = section(page, "Second factor");
  await factor.getByRole("button", { name: "Turn off" }).click();
  await factor.getByLabel("Your password").fill("nine geese under the bridge");
  await factor.getByRole("button", { name: "Turn the second factor off" }).click();
  await expect(factor.getByText(/^Off\./)).toBeVisible();
});

test("mails are shown to nobody where they are sent, and wrong passwords wait", async ({ page, app }) => {
  const mailbox = await page.request.get(`${app.address}/mailbox`);
  expect(mailbox.status()).toBe(404);
  for (let at = 0; at < 5; at += 1) {
    await givePassword(page, app, "wrong password");
    await expect(page.getByRole("alert").filter({ hasText: "not right" })).toBeVisible();
  }
  await givePassword(page, app, "nine geese under the bridge");
  await expect(page.getByRole("alert").filter({ hasText: "Too many failed attempts" })).toBeVisible();
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test as base, expect, type Page } from "@playwright/test";
import { openTestProvider, type TestProvider } from "#lib/auth/sso/testing/identity-provider.ts";
import { type App, startApp } from "./app.ts";
import { expectFitLooks } from "./looks.ts";

/** An application and an identity provider of these tests' own; to a browser they are two sites. */
const test = base.extend<object, { app: App; provider: TestProvider }>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const app = await startApp({ SAMPLE_COLLECTIONS: "off" });
      await use(app);
      await app.stop();
      await app.remove();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const provider = await openTestProvider();
      await use(provider);
      provider.close();
    },
    { scope: "worker" },
  ],
});

test.describe.configure({ mode: "serial" });
test.setTimeout(180_000);

async function signIn(page: Page, app: App, next: string): Promise<void> {
  await page.goto(`${app.address}/sign-in?next=${next}`);
  await page.getByLabel("E-mail", { exact: true }).fill(app.email);
  await page.getByLabel("Password").fill(app.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function goToProvider(page: Page, app: App, email: string): Promise<void> {
  await page.goto(`${app.address}/sign-in?next=/account`);
  await page.getByText("Sign in through your organisation").click();
  const form = page.getByRole("form", { name: "Single sign-on" });
  await form.getByRole("textbox").fill(email);
  await form.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("button", { name: "Go back" })).toBeVisible();
}

test("an administrator sets SAML up, and somebody of the organisation comes by it", async ({
  page,
  app,
  provider,
  browser,
}) => {
  await signIn(page, app, "/admin/settings");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  const { DATABASE_URL, REDIS_URL, ...env } = process.env;
  await promisify(execFile)(
    process.execPath,
    ["cli/launch.mjs", "cli/tenant.ts", "domain", "default", "clinic.example.org"],
    {
      env: { ...env, DATA_DIR: app.directory, LOG_LEVEL: "warn" },
    },
  );
  await page.goto(`${app.address}/admin/settings`);
  const region = page.getByRole("region", { name: "Single sign-on" });
  const form = region.getByRole("form", { name: "Add an identity provider" });
  await form.getByLabel("Kind").selectOption("SAML 2.0");
  await expect(form.getByText("Our ACS address")).toBeVisible();
  await expectFitLooks(page, "SAML’s settings");
  await form.getByLabel("The provider’s metadata").fill("<EntityDescriptor/>");
  await form.getByRole("button", { name: "Add the provider" }).click();
  await expect(region.getByRole("alert")).toContainText("metadata");
  await form.getByLabel("The provider’s metadata").fill(provider.metadata);
  await form.getByLabel("Attribute with the e-mail address").fill("mail");
  await form.getByRole("button", { name: "Add the provider" }).click();
  const listed = region.getByRole("list", { name: "Identity providers" }).getByRole("listitem");
  await expect(listed).toContainText(provider.entityId);
  await expect(listed).toContainText("SAML");
  await region.getByRole("button", { name: `Test ${provider.entityId}` }).click();
  await expect(region.getByRole("status")).toContainText("answers as it should");
  const ours = await listed.locator("code").first().innerText();
  provider.serve(await (await fetch(ours)).text());

  const email = "grace@clinic.example.org";
  provider.manner = { nameId: "grace", email };
  const there = await (await browser.newContext()).newPage();
  await goToProvider(there, app, email);
  await there.getByRole("button", { name: "Go back" }).click();
  await expect(there).toHaveURL(`${app.address}/account`);
  await expect(there.getByRole("heading", { name: "Your account" })).toBeVisible();
  await expect(there.getByText(email).first()).toBeVisible();

  // What somebody else was given opens nothing in a browser that asked for nothing.
  const eve = await (await browser.newContext()).newPage();
  await goToProvider(eve, app, email);
  const posted = await eve.content();
  const victim = await (await browser.newContext()).newPage();
  await victim.route("http://127.0.0.1:1/", (route) => route.fulfill({ body: posted, contentType: "text/html" }));
  await victim.goto("http://127.0.0.1:1/");
  await victim.getByRole("button", { name: "Go back" }).click();
  await expect(victim).toHaveURL(/\/sign-in\?error=browser/);
  await expect(victim.getByRole("main").getByRole("alert").first()).toContainText("in this browser");
  await expectFitLooks(victim, "sent back");
});

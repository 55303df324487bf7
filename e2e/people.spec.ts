import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { expectFitLooks } from "./looks.ts";

test.setTimeout(240_000);

const email = "grace.hopper@clinic.example";
const name = "Grace Hopper";
const password = "seven herons stand by the weir";

/** A browser without cookies, as another person's is. */
async function another(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

test("somebody is invited, joins, is made a reader, and is out at once when disabled", async ({
  signedIn: page,
  app,
  browser,
}) => {
  const theirs = await another(browser);

  await test.step("the link is shown once, and opens an account of their own", async () => {
    await page.goto(`${app.address}/admin/people`);
    const form = page.getByRole("form", { name: "Invite somebody" });
    await form.getByLabel("E-mail address").fill(email);
    await form.getByRole("button", { name: "Invite" }).click();
    const link = page.getByRole("region", { name: "Invitation link" }).getByRole("textbox", { name: "Link to copy" });
    const address = await link.inputValue();
    await expect(page.getByRole("list", { name: "Invitations" })).toContainText(email);
    await expectFitLooks(page, "people");

    await theirs.goto(address);
    await theirs.getByLabel("Your name").fill(name);
    await theirs.getByLabel("A password").fill("gracehopper1");
    await theirs.getByRole("button", { name: "Join" }).click();
    await expect(theirs.getByRole("alert").filter({ hasText: "password" })).toBeVisible();
    await expectFitLooks(theirs, "joining an organisation");
    await theirs.getByLabel("A password").fill(password);
    await theirs.getByRole("button", { name: "Join" }).click();
    // Joined is signed in.
    await expect(theirs.getByRole("textbox", { name: "Your question" })).toBeVisible();
    const again = await another(browser);
    await again.goto(address);
    await expect(again.getByLabel("A password")).toHaveCount(0);
  });

  await test.step("as a reader they ask nothing, in the browser and past it", async () => {
    await page.reload();
    await page.getByRole("combobox", { name: `Role of ${name}` }).selectOption("reader");
    await expect
      .poll(async () => {
        await theirs.goto(app.address);
        return theirs.getByText("You are a reader here").count();
      })
      .toBe(1);
    const asked = await theirs.request.post(`${app.address}/api/conversations`, { data: { question: "May I?" } });
    expect(asked.status()).toBe(403);
    expect((await theirs.request.get(`${app.address}/api/admin/people`)).status()).toBe(403);
  });

  await test.step("disabled, they are signed out by their next request", async () => {
    await page.getByRole("button", { name: `Disable ${name}` }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Disable", exact: true }).click();
    await expect(page.getByRole("button", { name: `Enable ${name}` })).toBeVisible();
    expect((await theirs.request.get(`${app.address}/api/conversations`)).status()).toBe(401);
    await theirs.goto(app.address);
    await expect(theirs).toHaveURL(/\/sign-in/);
    await page.goto(`${app.address}/admin/audit?action=member`);
    for (const action of ["member.invite", "member.role", "member.disable"])
      await expect(page.getByRole("row").filter({ hasText: action }).first()).toBeVisible();
  });
});

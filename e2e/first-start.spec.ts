import { startApp } from "./app.ts";
import { expect, test } from "./fixtures.ts";

test.describe("the first start", () => {
  test.setTimeout(400_000);

  test("prints a password once, leads to sign-in, and keeps everything through kill -9 and Ctrl-C", async ({
    page,
  }) => {
    const first = await startApp();
    try {
      expect(first.password.length).toBeGreaterThanOrEqual(20);
      await page.goto(first.address);
      await expect(page).toHaveURL(/\/sign-in/);
      await page.getByLabel("E-mail").fill(first.email);
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "not right" })).toBeVisible();
      await page.getByLabel("Password").fill(first.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("textbox", { name: "Your question" })).toBeVisible();
      first.process.kill("SIGKILL");

      const second = await startApp({}, first.directory);
      expect(second.password, "no second password is made").toBe("");
      expect(second.output()).not.toMatch(/sample collections/);
      const health = await fetch(`${second.address}/api/health`);
      expect(health.status).toBe(200);
      const { backends } = (await health.json()) as { backends: Record<string, { ok: boolean }> };
      expect(Object.values(backends).every(({ ok }) => ok)).toBe(true);
      expect(Object.keys(backends)).toContain("postgres");
      await page.goto(second.address);
      await expect(page.getByRole("textbox", { name: "Your question" }), "the session has survived").toBeVisible();
      await page.context().clearCookies();
      await page.goto(second.address);
      await page.getByLabel("E-mail").fill(first.email);
      await page.getByLabel("Password").fill(first.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("textbox", { name: "Your question" })).toBeVisible();
      expect(await second.stop(), "Ctrl-C ends it without an error").toBe(0);
      expect(second.output()).toMatch(/Closed\./);
    } finally {
      await first.remove();
    }
  });

  test("names the bad variable and what is expected of it", async () => {
    await expect(startApp({ DATABASE_URL: "mysql://nowhere" })).rejects.toThrow(/DATABASE_URL.*postgres:/s);
  });
});

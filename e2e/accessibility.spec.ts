import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";
import { overflow, seriousFindings } from "./looks.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test(`no page has a serious finding (${colorScheme})`, async ({ signedIn: page, app, browser }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const stranger = await (await browser.newContext({ colorScheme })).newPage();
    await stranger.goto(`${app.address}/sign-in`);
    expect(await seriousFindings(stranger), "sign-in").toEqual([]);
    await page.goto(app.address);
    expect(await seriousFindings(page), "new question").toEqual([]);
    await ask(page, "How is a severe asthma attack treated?");
    await untilAnswered(page);
    expect(await seriousFindings(page), "answer").toEqual([]);
    await answerOf(page)
      .getByRole("link", { name: /^Source 1: / })
      .first()
      .click();
    await expect(page.getByRole("region", { name: "Quoted passage" })).toBeVisible();
    expect(await seriousFindings(page), "source").toEqual([]);
    await page.goto(`${app.address}/collections`);
    expect(await seriousFindings(page), "collections").toEqual([]);
    await page.goto(`${app.address}/no-such-page`);
    expect(await seriousFindings(page), "not found").toEqual([]);
  });
}

test("works at 360 px without scrolling sideways, and by keyboard alone", async ({ signedIn: page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("textbox", { name: "Your question" }).focus();
  await page.keyboard.type("When is metformin contraindicated by kidney function?");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/c\//);
  await untilAnswered(page);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  const marker = answerOf(page)
    .getByRole("link", { name: /^Source 1: / })
    .first();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await marker.evaluate((element) => element === element.ownerDocument.activeElement)) break;
    await page.keyboard.press(presses < 30 ? "Shift+Tab" : "Tab");
  }
  await expect(marker).toBeFocused();
  await expect(page.getByRole("region", { name: "Preview of source 1" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Quoted passage" })).toBeVisible();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

import { once } from "node:events";
import { request as send } from "node:http";
import type { Page } from "@playwright/test";
import { answerOf, ask, expect, test, untilAnswered } from "./fixtures.ts";
import { changeStoredAnswer } from "./stored-answers.ts";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

/** Each would run, load or lead away if it were taken for more than text. */
const attacks = [
  "<script>window.planted = 1</script>",
  '<img src="/planted.png" onerror="window.planted = 1">',
  "<svg onload='window.planted = 1'><a href='javascript:window.planted=1'>x</a></svg>",
  "[press](javascript:window.planted=1) ![x](/planted.png)",
  "</script><script>window.planted = 1</script>",
  '"><iframe srcdoc="<script>parent.planted=1</script>">',
  `\${window.planted=1} {{constructor.constructor('window.planted=1')()}}`,
  "\u202eGNP.exe\u2066 javascript:window.planted=1",
];
const attack = attacks.join(" ");

interface Seen {
  violations: string[];
  planted: string[];
}

/** What the page's policy refused, and what was asked for that an attack named. */
async function watch(page: Page): Promise<Seen> {
  const seen: Seen = { violations: [], planted: [] };
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted Type/i.test(message.text())) seen.violations.push(message.text());
  });
  page.on("request", (request) => {
    const { host, pathname } = new URL(request.url());
    if (/planted|evil/.test(host + pathname)) seen.planted.push(request.url());
  });
  return seen;
}

async function nothingRan(page: Page): Promise<void> {
  expect(await page.evaluate(() => (window as { planted?: number }).planted)).toBeUndefined();
  await expect(page.locator('img[src*="planted"], iframe, a[href^="javascript:"], svg[onload]')).toHaveCount(0);
}

/** As no browser would ask: headers and paths go out as they are written. */
async function raw(address: string, path: string, headers: Record<string, string> = {}, method = "GET") {
  const { hostname, port, host } = new URL(address);
  const asked = send({ hostname, port, path, method, headers: { host, ...headers } });
  asked.end();
  const [response] = await once(asked, "response");
  let body = "";
  for await (const part of response) body += part;
  return { status: response.statusCode as number, headers: response.headers as Record<string, string>, body };
}

test("every page works under a policy of nonces, and refuses what has none", async ({ signedIn: page, app }) => {
  const seen = await watch(page);
  await ask(page, "What is given first for anaphylaxis?");
  await untilAnswered(page);
  await answerOf(page)
    .getByRole("link", { name: /^Source 1: / })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Quoted passage" })).toBeVisible();
  await expect(page.locator("canvas").first()).toBeVisible();
  for (const path of ["/", "/collections", "/archive", "/search", "/admin", "/admin/runs", "/sign-in", "/nowhere"]) {
    const response = await page.goto(app.address + path);
    const policy = response?.headers()["content-security-policy"] ?? "";
    expect(policy, path).toMatch(/script-src 'nonce-[\w+/=]{24,}' 'strict-dynamic';/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    const html = (await response?.text()) ?? "";
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag, path).toContain(`nonce="${nonce}"`);
    await page.waitForLoadState("load");
  }
  expect(seen.violations).toEqual([]);

  await page.goto(app.address);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", '<img src="/x" onerror="window.planted = 1">');
    document.body.insertAdjacentHTML("beforeend", "<button onclick='window.planted = 1'>planted</button>");
  });
  await page.getByRole("button", { name: "planted" }).click();
  await expect.poll(() => seen.violations.length).toBeGreaterThan(0);
  expect(await page.evaluate(() => (window as { planted?: number }).planted)).toBeUndefined();
});

test("what people, documents and models write is shown as text wherever it stands", async ({ signedIn: page, app }) => {
  const seen = await watch(page);
  const api = page.request;
  const headers = { origin: app.address };
  const asked = await api.post(`${app.address}/api/conversations`, {
    data: { question: `What is given first for anaphylaxis? ${attacks[0]} ${attacks[1]}` },
    headers,
  });
  const { conversationId } = (await asked.json()) as { conversationId: string };
  const conversation = `${app.address}/api/conversations/${conversationId}`;
  await page.goto(`${app.address}/c/${conversationId}`);
  await untilAnswered(page);
  await nothingRan(page);
  expect((await api.patch(conversation, { data: { title: attack.slice(0, 190) }, headers })).ok()).toBe(true);
  expect(
    (await api.put(`${conversation}/labels`, { data: { labels: ["<img src=x onerror=planted=1>"] }, headers })).ok(),
  ).toBe(true);
  await changeStoredAnswer(app, conversationId, (answer) => {
    const [citation] = answer.sentences.flatMap(({ citations }) => citations);
    if (!citation) throw new Error("the samples no longer answer this");
    const planted = { ...citation, quote: attack, title: attack, section: attack, collectionTitle: attack };
    return {
      ...answer,
      sentences: answer.sentences.map((sentence) => ({
        ...sentence,
        text: attack,
        group: attack,
        citations: [planted],
      })),
      warnings: [{ kind: "boxed_warning", drug: attack, citations: [planted] }],
      followUps: [attack],
      dropped: [{ text: attack, reason: "link" }],
      notice: attack,
      error: attack,
    };
  });
  for (const path of [
    `/c/${conversationId}`,
    "/",
    `/search?q=${encodeURIComponent(attack)}`,
    `/sign-in?error=${encodeURIComponent(attack)}`,
  ]) {
    await page.goto(app.address + path);
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await nothingRan(page);
  }
  await page.goto(`${app.address}/c/${conversationId}`);
  await expect(
    answerOf(page)
      .getByText(attacks[0] ?? "")
      .first(),
  ).toBeVisible();
  expect(seen.planted).toEqual([]);
  expect(seen.violations).toEqual([]);
});

test("known ways past a framework lead nowhere", async ({ signedIn: page, app }) => {
  const asked = await page.request.post(`${app.address}/api/conversations`, {
    data: { question: "Is zebrafinchquagga a drug?" },
    headers: { origin: app.address },
  });
  const { conversationId } = (await asked.json()) as { conversationId: string };
  const path = `/c/${conversationId}`;
  const middleware = [
    "middleware",
    "src/middleware",
    "proxy",
    "pages/_middleware",
    Array(5).fill("middleware").join(":"),
  ];
  const bypasses: [string, Record<string, string>][] = [
    ...middleware.map((value): [string, Record<string, string>] => [path, { "x-middleware-subrequest": value }]),
    [path, { rsc: "1" }],
    [`${path}?_rsc=abcde`, { rsc: "1", "next-router-state-tree": "%5B%22%22%5D" }],
    [path, { rsc: "1", "next-router-prefetch": "1" }],
    [path, { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" }],
    [`${path}.rsc`, {}],
    [`${path}.segments/_tree.segment.rsc`, {}],
    [path, { purpose: "prefetch", "x-nextjs-data": "1", "x-middleware-prefetch": "1" }],
    [`/_next/data/x${path}.json`, { "x-nextjs-data": "1" }],
    [`/%63/${conversationId}`, {}],
    [`/_next/../c/${conversationId}`, {}],
    [path, { "x-original-url": path, "x-rewrite-url": path, "x-matched-path": path, "x-invoke-path": path }],
  ];
  for (const [address, headers] of bypasses) {
    const answer = await raw(app.address, address, headers);
    expect(answer.body, `${address} ${JSON.stringify(headers)}`).not.toContain("zebrafinchquagga");
    expect(answer.body).not.toContain(app.email);
  }
  for (const action of ["7f0000000000000000000000000000000000000000", "$ACTION_ID_x"]) {
    const forged = await raw(app.address, "/", { "next-action": action, "content-type": "text/plain" }, "POST");
    expect(forged.status).toBe(405);
  }
  expect((await raw(app.address, "/", { host: "evil.test" })).status).toBe(421);
  const forwarded = await raw(app.address, "/", { "x-forwarded-host": "evil.test", "x-forwarded-proto": "https" });
  expect(JSON.stringify(forwarded)).not.toContain("evil.test");
  for (const away of [
    "//evil.test/",
    "//evil.test/..",
    "/\\evil.test",
    "/%5cevil.test/",
    "/%2f%2fevil.test/",
    "/.//evil.test/",
  ]) {
    const answer = await raw(app.address, away);
    const location = answer.headers.location;
    if (location) expect(new URL(location, app.address).origin, `${away} → ${location}`).toBe(app.address);
  }
});

test("signing in goes on within this site alone", async ({ page, app }) => {
  const elsewhere = [
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "%2f%2fevil.test",
    "/%09/evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:@evil.test",
    "/@evil.test/..//evil.test",
    "https:evil.test",
  ];
  const seen: string[] = [];
  page.on("request", (request) => seen.push(new URL(request.url()).host));
  for (const next of elsewhere) {
    await page.context().clearCookies();
    await page.goto(`${app.address}/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByLabel("E-mail").fill(app.email);
    await page.getByLabel("Password", { exact: true }).fill(app.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL((url) => url.pathname !== "/sign-in");
    expect(new URL(page.url()).origin, next).toBe(app.address);
  }
  expect(new Set(seen)).toEqual(new Set([new URL(app.address).host]));
});

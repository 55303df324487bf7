import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { confinedDeps } from "../../confined-deps.ts";
import type { Deps } from "../../deps.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../../errors.ts";
import { disableMember, inviteMember, joinAsKnownPerson, joinAsNewPerson, removeMember } from "../../people/index.ts";
import { changeTenantSettings } from "../../tenants/index.ts";
import { makeViewer, openTestDeps } from "../../testing/deps.ts";
import { authHandler, findSession, findViewer, type Viewer } from "../index.ts";
import { openAuth } from "../open-auth.ts";
import {
  addDomain,
  addProvider,
  grantDomain,
  listSingleSignOn,
  removeProvider,
  requireOwnCredentials,
  verifyDomain,
} from "./index.ts";
import { openSeal } from "./seal.ts";

const server = process.env.DATABASE_URL;
describe("single sign-on on the embedded Postgres", () => suite(undefined));
if (server) describe("single sign-on on a real Postgres", () => suite(server));
else describe.skip("on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(undefined));

const password = "a hedge of hawthorn, twelve feet high";
type ProviderClass = new (
  issuer: string,
  settings: object,
) => { callback(): RequestListener; Client: { prototype: Record<string, unknown> } };

const clientSecret = "the-provider-and-probatum-know-this";

function suite(databaseUrl: string | undefined): void {
  let deps: Deps;
  let http: Server;
  let issuer: string;
  /** Who sits at the provider's sign-in, and what it says of their address. */
  let claimed: { sub: string; email: string };
  const redirects = new Set<string>();

  beforeAll(async () => {
    const opened = await openTestDeps(databaseUrl ? { databaseUrl } : {});
    http = createServer().listen(0, "127.0.0.1");
    await once(http, "listening");
    issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const env = { ...opened.env, SSO_ORIGINS: [issuer] };
    const { database, mailer } = opened;
    deps = { ...opened, env, auth: await openAuth({ database, env, mailer, redis: undefined, log: opened.log }) };
    // It comes without types of its own.
    const { default: Provider } = (await import("oidc-provider" as string)) as { default: ProviderClass };
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: "probatum",
          client_secret: clientSecret,
          redirect_uris: ["https://probatum.example/callback"],
          grant_types: ["authorization_code"],
        },
      ],
      // The callback is known only when the provider was added, as it is in an administrator's console.
      renderError: (context: { body: unknown }, out: unknown) => {
        context.body = out;
      },
      clientBasedCORS: () => false,
      conformIdTokenClaims: false,
      claims: { openid: ["sub"], email: ["email"], profile: ["name"] },
      features: { devInteractions: { enabled: true } },
      findAccount: (_: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ sub, email: claimed.email, name: "Ada Lovelace" }),
      }),
    });
    const client = provider.Client.prototype;
    client.redirectUriAllowed = (address: string) => redirects.has(address);
    http.on("request", provider.callback());
  });
  afterAll(async () => {
    http?.close();
    http?.closeAllConnections();
    await deps?.close();
  });

  const as = (viewer: Viewer) => confinedDeps(deps, viewer);
  const secretOf = ({ path }: { path: string }) => path.replace("/invitation/", "");
  const domain = () => `${randomUUID().slice(0, 8)}.example.org`;

  async function owner(): Promise<Viewer> {
    const viewer = await makeViewer(deps);
    await deps.database.pool.query("update members set role = 'owner' where user_id = $1", [viewer.userId]);
    return { ...viewer, role: "owner" };
  }
  async function withProvider(of = domain()): Promise<{ viewer: Viewer; of: string }> {
    const viewer = await owner();
    await grantDomain(deps, viewer.tenantId, of);
    await addProvider(as(viewer), viewer, {
      kind: "oidc",
      issuer,
      clientId: "probatum",
      clientSecret,
      defaultRole: "clinician",
    });
    for (const { callback } of (await listSingleSignOn(as(viewer), viewer)).providers) redirects.add(callback);
    return { viewer, of };
  }
  async function joined(by: Viewer, email: string): Promise<void> {
    const link = await inviteMember(as(by), by, { email, role: "curator" });
    await joinAsNewPerson(deps, { secret: secretOf(link), name: "Known", password });
  }
  const site = () => `http://localhost:${deps.env.PORT}`;
  const post = (path: string, body: unknown) =>
    authHandler(deps)(
      new Request(`${site()}/api/auth${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: site(), host: new URL(site()).host },
        body: JSON.stringify(body),
      }),
    );
  const cookiesOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");

  /** The whole way: to the provider, signed in there, and back. @returns where one ends, with the cookies of the end */
  async function goThrough(typed: string, at: { sub: string; email: string }) {
    claimed = at;
    const begun = await post("/sign-in/sso", { email: typed, next: "/c/1" });
    const { url } = (await begun.json()) as { url: string };
    const jar = new Map<string, string>();
    let next = url;
    let response: Response;
    for (let step = 0; ; step += 1) {
      if (step > 12) throw new Error(`no end at ${next}`);
      const body =
        next.includes("/interaction/") && !next.endsWith("/abort") ? await interact(next, jar, at.sub) : null;
      response = body ?? (await fetch(next, { redirect: "manual", headers: { cookie: cookieHeader(jar) } }));
      keep(jar, response);
      const location = response.headers.get("location");
      if (!location) throw new Error(`${response.status} at ${next}: ${(await response.text()).slice(0, 300)}`);
      next = new URL(location, next).href;
      if (next.startsWith(site())) break;
    }
    const back = await authHandler(deps)(new Request(next, { headers: { cookie: cookiesOf(begun) } }));
    return { back, location: back.headers.get("location") ?? "", cookie: cookiesOf(back), returned: next, begun };
  }
  async function interact(address: string, jar: Map<string, string>, login: string): Promise<Response> {
    const page = await (await fetch(address, { headers: { cookie: cookieHeader(jar) } })).text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? "login";
    const form = new URLSearchParams({ prompt, login, password: "x" });
    return fetch(address, { method: "POST", redirect: "manual", body: form, headers: { cookie: cookieHeader(jar) } });
  }
  const cookieHeader = (jar: Map<string, string>) => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  function keep(jar: Map<string, string>, response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
  const viewerOf = (cookie: string) => findViewer(deps, new Headers({ cookie }));

  test("a new person comes by their provider, joins in its role, and comes again", async () => {
    const { viewer, of } = await withProvider();
    const email = `ada@${of}`;
    const first = await goThrough(email, { sub: randomUUID(), email });
    expect(first.location).toBe("/c/1");
    const ada = await viewerOf(first.cookie);
    expect(ada).toMatchObject({ tenantId: viewer.tenantId, role: "clinician", email, name: "Ada Lovelace" });
    const second = await goThrough(email, { sub: claimed.sub, email });
    expect((await viewerOf(second.cookie))?.userId).toBe(ada?.userId);
    const { rows } = await deps.database.pool.query(
      "select action from audit_log where tenant_id = $1 and actor_id = $2 order by id",
      [viewer.tenantId, ada?.userId],
    );
    expect(rows.map(({ action }) => action)).toEqual(["member.join", "sign-in", "sign-in"]);
    // Of what the provider gave, nothing is kept by which it could be asked in her name.
    const { rows: accounts } = await deps.database.pool.query(
      "select access_token, refresh_token, id_token from accounts where user_id = $1",
      [ada?.userId],
    );
    expect(accounts).toEqual([{ access_token: null, refresh_token: null, id_token: null }]);
    // The same answer of the provider opens nothing twice.
    const again = await authHandler(deps)(
      new Request(second.returned, { headers: { cookie: cookiesOf(second.begun) } }),
    );
    expect(again.headers.get("location")).toContain("error=");
    expect(await viewerOf(cookiesOf(again))).toBeNull();
    // Nor in another browser than the one that began.
    const stolen = await goThrough(email, { sub: claimed.sub, email }).then(({ returned }) => returned);
    expect((await authHandler(deps)(new Request(stolen))).headers.get("location")).toContain("error=");

    const sessionId = (await findSession(deps, new Headers({ cookie: second.cookie })))?.id ?? "";
    await expect(requireOwnCredentials(deps, { id: sessionId })).rejects.toThrow(ForbiddenError);
    await disableMember(as(viewer), viewer, ada?.userId ?? "");
    expect(await viewerOf(second.cookie)).toBeNull();
    const disabled = await goThrough(email, { sub: claimed.sub, email });
    expect(disabled.location).toContain("error=");
    await removeMember(as(viewer), viewer, ada?.userId ?? "");
    const removed = await goThrough(email, { sub: claimed.sub, email });
    expect(removed.location).toContain("error=");
    expect(await viewerOf(removed.cookie)).toBeNull();
  });

  test("it vouches for no address of another domain, and for nobody of another tenant", async () => {
    const [one, two] = [await withProvider(), await withProvider()];
    // Of a domain that is another tenant's, of nobody's, and of one below its own.
    for (const email of [`eve@${two.of}`, `eve@${domain()}`, `eve@sub.${one.of}`]) {
      const came = await goThrough(`eve@${one.of}`, { sub: randomUUID(), email });
      expect(came.location, email).toContain("error=");
      expect(await viewerOf(came.cookie)).toBeNull();
      expect((await deps.database.pool.query("select 1 from users where email = $1", [email])).rows).toEqual([]);
    }
    // Somebody of another tenant whose address is of the domain.
    const elsewhere = `bob@${one.of}`;
    await joined(two.viewer, elsewhere);
    const taken = await goThrough(elsewhere, { sub: randomUUID(), email: elsewhere });
    expect(taken.location).toContain("error=");
    expect(await viewerOf(taken.cookie)).toBeNull();
    // Of its own tenant alone: they are known by it from now on.
    const own = `carol@${one.of}`;
    await joined(one.viewer, own);
    const linked = await goThrough(own, { sub: randomUUID(), email: own });
    expect(await viewerOf(linked.cookie)).toMatchObject({ tenantId: one.viewer.tenantId, role: "curator", email: own });
    // Once they belong to another tenant as well, the provider opens that one not.
    const link = await inviteMember(as(two.viewer), two.viewer, { email: own, role: "owner" });
    const carol = await viewerOf(linked.cookie);
    await joinAsKnownPerson(deps, { userId: carol?.userId ?? "" }, secretOf(link));
    expect(await viewerOf(linked.cookie)).toMatchObject({ tenantId: one.viewer.tenantId });
  });

  test("where it alone is wanted, passwords open nothing but an owner's way in, on record", async () => {
    const { viewer, of } = await withProvider();
    const [member, boss] = [`dan@${of}`, `boss@${of}`];
    await joined(viewer, member);
    await joined(viewer, boss);
    await deps.database.pool.query(
      "update members set role = 'owner' from users u where u.id = user_id and u.email = $1",
      [boss],
    );
    const before = await post("/sign-in/email", { email: member, password });
    expect(await viewerOf(cookiesOf(before))).not.toBeNull();
    await changeTenantSettings(as(viewer), viewer, { singleSignOnOnly: true });
    expect(await viewerOf(cookiesOf(before))).toBeNull();
    const refused = await post("/sign-in/email", { email: member, password }).catch(() => null);
    expect(refused?.ok ?? false).toBe(false);
    const broken = await post("/sign-in/email", { email: boss, password });
    expect(await viewerOf(cookiesOf(broken))).toMatchObject({ role: "owner" });
    const { rows } = await deps.database.pool.query(
      "select count(*)::int as times from audit_log where tenant_id = $1 and action = 'break-glass'",
      [viewer.tenantId],
    );
    expect(rows).toEqual([{ times: 1 }]);
    const came = await goThrough(member, { sub: randomUUID(), email: member });
    expect(await viewerOf(came.cookie)).toMatchObject({ email: member });
    // Whether there is a second factor at the provider is the provider's to say.
    await changeTenantSettings(as(viewer), viewer, { requiresSecondFactor: true });
    expect(await viewerOf(came.cookie)).toMatchObject({ email: member });
    expect(await viewerOf(cookiesOf(broken))).toBeNull();
    await changeTenantSettings(as(viewer), viewer, { requiresSecondFactor: false });
    const { providers } = await listSingleSignOn(as(viewer), viewer);
    await removeProvider(as(viewer), viewer, providers[0]?.id ?? "");
    expect(await viewerOf(came.cookie)).toBeNull();
    // Nobody is locked out by a provider that is gone.
    expect(await viewerOf(cookiesOf(await post("/sign-in/email", { email: member, password })))).not.toBeNull();
  });

  test("its settings are its owners' and administrators', its secret is sealed, its domains are shown to be theirs", async () => {
    const { viewer, of } = await withProvider();
    const { rows } = await deps.database.pool.query("select oidc_config from sso_providers where tenant_id = $1", [
      viewer.tenantId,
    ]);
    expect(rows[0].oidc_config).not.toContain(clientSecret);
    const seal = openSeal(deps.env.AUTH_SECRET ?? "");
    expect(JSON.parse(seal.open(rows[0].oidc_config))).toMatchObject({ clientSecret });
    expect(() => openSeal("another secret, of thirty-two characters").open(rows[0].oidc_config)).toThrow();
    expect(JSON.stringify(await listSingleSignOn(as(viewer), viewer))).not.toContain(clientSecret);
    const other = await owner();
    const given = { kind: "oidc", issuer, clientId: "x", clientSecret: "y" };
    await expect(addProvider(as(other), other, given)).rejects.toThrow(/Verify a domain/);
    await expect(addDomain(as(other), other, { domain: of })).rejects.toThrow(ConflictError);
    const own = domain();
    await addDomain(as(other), other, { domain: own });
    const { domains } = await listSingleSignOn(as(other), other);
    const token = domains[0]?.record.split(" ").at(-1) ?? "";
    await expect(verifyDomain(as(other), other, { domain: own }, async () => [["something else"]])).rejects.toThrow(
      ConflictError,
    );
    await expect(verifyDomain(as(other), other, { domain: domain() }, async () => [[token]])).rejects.toThrow(
      NotFoundError,
    );
    await expect(addProvider(as(other), other, given)).rejects.toThrow(/Verify a domain/);
    await verifyDomain(as(other), other, { domain: own }, async (name) =>
      name === `_probatum.${own}` ? [[token]] : [],
    );
    await expect(addProvider(as(other), other, { ...given, issuer: "https://169.254.169.254" })).rejects.toThrow(
      /SSO_ORIGINS/,
    );
    await expect(addProvider(as(other), other, { ...given, defaultRole: "owner" })).rejects.toThrow(InvalidInputError);
    await expect(addProvider(as(other), { ...other, role: "curator" }, given)).rejects.toThrow(ForbiddenError);
    const { providers } = await listSingleSignOn(as(viewer), viewer);
    await expect(removeProvider(as(other), other, providers[0]?.id ?? "")).rejects.toThrow(NotFoundError);
  });
}

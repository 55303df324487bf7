import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { confinedDeps } from "../../confined-deps.ts";
import type { Deps } from "../../deps.ts";
import { InvalidInputError, NotFoundError } from "../../errors.ts";
import { disableMember, inviteMember, joinAsNewPerson } from "../../people/index.ts";
import { makeViewer, openTestDeps } from "../../testing/deps.ts";
import { authHandler, findViewer, isForeignByDesign, type Viewer } from "../index.ts";
import {
  addProvider,
  grantDomain,
  listSingleSignOn,
  type ProviderView,
  removeProvider,
  testProvider,
} from "./index.ts";
import { makeKeys } from "./testing/certificate.ts";
import { type Manner, openTestProvider, type Statement, type TestProvider } from "./testing/identity-provider.ts";

const server = process.env.DATABASE_URL;
describe("SAML on the embedded Postgres", () => suite(undefined));
if (server) describe("SAML on a real Postgres", () => suite(server));
else describe.skip("on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(undefined));

const rsaSha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const hour = 60 * 60_000;
const stranger = makeKeys();

function suite(databaseUrl: string | undefined): void {
  let deps: Deps;
  let idp: TestProvider;
  /** A tenant with the provider, for all that is to be refused. */
  let clinic: { viewer: Viewer; of: string; provider: ProviderView };

  beforeAll(async () => {
    // samlify tells of every provider without a place to sign out.
    vi.spyOn(console, "warn").mockReturnValue(undefined);
    deps = await openTestDeps(databaseUrl ? { databaseUrl } : {});
    idp = await openTestProvider();
    clinic = await withProvider();
  });
  afterAll(async () => {
    idp?.close();
    vi.restoreAllMocks();
    await deps?.close();
  });

  const as = (viewer: Viewer) => confinedDeps(deps, viewer);
  const site = () => `http://localhost:${deps.env.PORT}`;
  const viewerOf = (cookie: string) => findViewer(deps, new Headers({ cookie }));
  const cookiesOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
  const providerIdOf = ({ callback }: ProviderView) => callback.split("/").at(-1) ?? "";

  async function owner(): Promise<Viewer> {
    const viewer = await makeViewer(deps);
    await deps.database.pool.query("update members set role = 'owner' where user_id = $1", [viewer.userId]);
    return { ...viewer, role: "owner" };
  }
  async function withProvider(extra: object = {}) {
    const viewer = await owner();
    const of = `${randomUUID().slice(0, 8)}.example.org`;
    await grantDomain(deps, viewer.tenantId, of);
    const { nextSaml } = await listSingleSignOn(as(viewer), viewer);
    const given = { kind: "saml", metadata: idp.metadata, emailAttribute: "mail", defaultRole: "clinician", ...extra };
    await addProvider(as(viewer), viewer, given);
    const { providers } = await listSingleSignOn(as(viewer), viewer);
    const [provider] = providers;
    if (!provider) throw new Error("the provider is not listed");
    expect(provider).toMatchObject({ callback: nextSaml.acs, entityId: nextSaml.entityId, kind: "saml" });
    const described = await authHandler(deps)(new Request(provider.entityId ?? ""));
    expect(described.headers.get("content-type")).toContain("xml");
    idp.serve(await described.text());
    return { viewer, of, provider };
  }

  async function begin(email: string): Promise<{ url: string; cookie: string; cookies: string[] }> {
    const response = await authHandler(deps)(
      new Request(`${site()}/api/auth/sign-in/sso`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: site() },
        body: JSON.stringify({ email, next: "/c/1" }),
      }),
    );
    const { url } = (await response.json()) as { url: string };
    return { url, cookie: cookiesOf(response), cookies: response.headers.getSetCookie() };
  }
  /** What the provider has the browser post. */
  async function atProvider(url: string, manner: Manner) {
    idp.manner = manner;
    const page = await (await fetch(url)).text();
    const partOf = (pattern: RegExp) => {
      const found = pattern.exec(page)?.[1];
      if (!found) throw new Error(`no form: ${page.slice(0, 300)}`);
      return found;
    };
    return {
      action: partOf(/action="([^"]+)"/),
      SAMLResponse: partOf(/name="SAMLResponse" value="([^"]+)"/),
      RelayState: partOf(/name="RelayState" value="([^"]+)"/),
    };
  }
  type Form = Awaited<ReturnType<typeof atProvider>>;
  const submit = ({ action, ...fields }: Form, cookie: string) =>
    authHandler(deps)(
      new Request(action, {
        method: "POST",
        headers: { cookie, origin: new URL(idp.entityId).origin, "sec-fetch-site": "cross-site" },
        body: new URLSearchParams(fields),
      }),
    );
  async function goThrough(email: string, manner: Omit<Manner, "email"> & { email?: string }) {
    const begun = await begin(email);
    const form = await atProvider(begun.url, { email, ...manner });
    const back = await submit(form, begun.cookie);
    return { begun, form, back, location: back.headers.get("location") ?? "", cookie: cookiesOf(back) };
  }
  async function lastRefusal(viewer: Viewer): Promise<string> {
    const { rows } = await deps.database.pool.query(
      `select details->>'reason' as reason from audit_log
       where tenant_id = $1 and action = 'sign-in.refused' order by id desc limit 1`,
      [viewer.tenantId],
    );
    return rows[0]?.reason ?? "";
  }
  /** Signs in as an honest provider's person would, but for what is changed; nothing may come of it. */
  async function refusal(changed: Partial<Manner>, given: { cookie?: string } = {}): Promise<string> {
    const email = `eve-${randomUUID()}@${clinic.of}`;
    const begun = await begin(email);
    const form = await atProvider(begun.url, { nameId: randomUUID(), email, ...changed });
    return refusalOf(form, given.cookie ?? begun.cookie, email);
  }
  async function refusalOf(form: Form, cookie: string, email: string): Promise<string> {
    const back = await submit(form, cookie);
    expect(back.headers.get("location")).toMatch(/^\/sign-in\?error=/);
    expect(await viewerOf(cookiesOf(back))).toBeNull();
    const { rows } = await deps.database.pool.query("select 1 from users where email = $1", [email]);
    expect(rows).toEqual([]);
    return lastRefusal(clinic.viewer);
  }
  const says = (change: (statement: Statement) => Partial<Statement>) => refusal({ change });
  const altered = (alter: (xml: string) => string) => refusal({ alter });
  const assertionOf = (xml: string) => /<saml:Assertion [\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? "";
  const signatureOf = (xml: string) => /<ds:Signature [\s\S]*?<\/ds:Signature>/.exec(xml)?.[0] ?? "";
  const idOf = (xml: string) => /<saml:Assertion [^>]*ID="([^"]+)"/.exec(xml)?.[1] ?? "";
  /** As whoever holds a signed assertion would write their own: another person, unsigned. */
  const forged = (xml: string, id = "_forged") =>
    assertionOf(xml)
      .replace(signatureOf(xml), "")
      .replace(idOf(xml), id)
      .replace(/eve-[^<]*/g, `chief@${clinic.of}`);

  test("a new person comes by their provider, joins in its role, and comes again", async () => {
    const { viewer, of, provider } = await withProvider();
    const email = `grace@${of}`;
    const nameId = randomUUID();
    const first = await goThrough(email, { nameId });
    expect(first.location).toBe("/c/1");
    expect(first.back.status).toBe(303);
    const grace = await viewerOf(first.cookie);
    expect(grace).toMatchObject({ tenantId: viewer.tenantId, role: "clinician", email, name: "Grace Hopper" });
    // What is said of the key beside its certificate is neither needed nor believed.
    const named = (xml: string) => xml.replace(/<((?:ds:)?)X509Data>/, "<$1KeyName>another</$1KeyName>$&");
    for (const manner of [{}, { signs: "both" as const }, { alter: named }]) {
      const again = await goThrough(email, { nameId, ...manner });
      expect(again.location).toBe("/c/1");
      expect((await viewerOf(again.cookie))?.userId).toBe(grace?.userId);
    }
    const { rows } = await deps.database.pool.query(
      "select action from audit_log where tenant_id = $1 and actor_id = $2 order by id",
      [viewer.tenantId, grace?.userId],
    );
    expect(rows.map(({ action }) => action)).toEqual(["member.join", ...Array(4).fill("sign-in")]);
    await disableMember(as(viewer), viewer, grace?.userId ?? "");
    expect(await viewerOf(first.cookie)).toBeNull();
    expect((await goThrough(email, { nameId })).location).toContain("error=");
    expect(await lastRefusal(viewer)).toBe("sso_member");
    await removeProvider(as(viewer), viewer, provider.id);
    await expect(authHandler(deps)(new Request(provider.callback, { method: "POST" }))).rejects.toThrow(NotFoundError);
    // Its name is never another's: who came by it would come back.
    expect((await listSingleSignOn(as(viewer), viewer)).nextSaml.acs).not.toBe(provider.callback);
  });

  test("a provider vouches for its tenant's domains and people alone", async () => {
    const { viewer, of } = await withProvider();
    const foreign = await goThrough(`a@${of}`, { nameId: randomUUID(), email: `chief@${clinic.of}` });
    expect([foreign.location, await lastRefusal(viewer)]).toEqual(["/sign-in?error=sso_domain", "sso_domain"]);
    const doubled = await goThrough(`a@${of}`, { nameId: randomUUID(), email: `chief@${of}@${clinic.of}` });
    expect(doubled.location).toContain("error=");
    // Somebody of the domain who belongs to another tenant.
    const elsewhere = `elsewhere@${of}`;
    const link = await inviteMember(as(clinic.viewer), clinic.viewer, { email: elsewhere, role: "reader" });
    const secret = link.path.replace("/invitation/", "");
    await joinAsNewPerson(deps, { secret, name: "Known", password: "a hedge of hawthorn, twelve feet high" });
    const taken = await goThrough(elsewhere, { nameId: randomUUID() });
    expect(taken.location).toBe("/sign-in?error=sso_account");
    expect(await viewerOf(taken.cookie)).toBeNull();
    // And one of its own, known already.
    const own = `own@${of}`;
    const invited = await inviteMember(as(viewer), viewer, { email: own, role: "curator" });
    await joinAsNewPerson(deps, {
      secret: invited.path.replace("/invitation/", ""),
      name: "Known",
      password: "a hedge of hawthorn, twelve feet high",
    });
    const came = await goThrough(own, { nameId: randomUUID() });
    expect([came.location, (await viewerOf(came.cookie))?.role]).toEqual(["/c/1", "curator"]);
  });

  test("a response is good once, for the request it answers, in the browser that began it", async () => {
    const email = `once@${clinic.of}`;
    const nameId = randomUUID();
    const { form, begun } = await goThrough(email, { nameId });
    const twice = await submit(form, begun.cookie);
    expect(twice.headers.get("location")).toBe("/sign-in?error=invalid_saml_response");
    expect(await viewerOf(cookiesOf(twice))).toBeNull();
    // At the same moment, too.
    const race = await begin(email);
    const raced = await atProvider(race.url, { nameId, email });
    const all = await Promise.all(Array.from({ length: 6 }, () => submit(raced, race.cookie)));
    expect(all.filter((one) => one.headers.get("location") === "/c/1")).toHaveLength(1);
    // In a browser that began nothing, or something else.
    expect(await refusal({}, { cookie: "" })).toBe("browser");
    const other = await begin(email);
    expect(await refusal({}, { cookie: other.cookie })).toBe("browser");
    const [set] = begun.cookies.filter((cookie) => cookie.startsWith("probatum.saml_request="));
    expect(set).toMatch(/; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=None$/);
    // Unsolicited.
    expect(await says(() => ({ inResponseTo: "", responseTo: "" }))).toBe("request");
    expect(await says(() => ({ inResponseTo: "_another" }))).toBe("request");
    expect(await refusal({ template: (xml) => xml.replaceAll(/ InResponseTo="[^"]*"/g, "") })).toBe("request");
    // A signed answer to one request under the shell of another, which this browser began.
    const mine = await begin(email);
    const theirs = await begin(email);
    const answer = await atProvider(theirs.url, { nameId, email });
    const id = (xml: string) => /InResponseTo="([^"]+)"/.exec(xml)?.[1] ?? "";
    const mineXml = Buffer.from((await atProvider(mine.url, { nameId, email })).SAMLResponse, "base64").toString();
    const xml = Buffer.from(answer.SAMLResponse, "base64").toString();
    const shell = xml.replace(`InResponseTo="${id(xml)}"`, `InResponseTo="${id(mineXml)}"`);
    const swapped = { ...answer, SAMLResponse: Buffer.from(shell).toString("base64") };
    expect((await submit(swapped, mine.cookie)).headers.get("location")).toBe("/sign-in?error=request");
    // An assertion's identifier is used up, whatever request it answers.
    const assertionId = `_${randomUUID()}`;
    const used = await goThrough(email, { nameId, change: () => ({ assertionId }) });
    expect(used.location).toBe("/c/1");
    expect(await says(() => ({ assertionId }))).toBe("replay_detected");
    // The state that came along is needed, and only as it was given.
    const stateless = await begin(email);
    const posted = await atProvider(stateless.url, { nameId, email });
    const changed = await submit({ ...posted, RelayState: "/admin" }, stateless.cookie);
    expect(changed.headers.get("location")).toBe("/sign-in?error=invalid_state");
  });

  test("what is not signed, wrongly signed, or signed by methods of yesterday is refused", async () => {
    expect(await altered((xml) => xml.replace(signatureOf(xml), ""))).toBe("signature missing");
    expect(await refusal({ signs: "response" })).toBe("signature missing");
    expect(await altered((xml) => xml.replaceAll(/eve-[^<]*/g, `chief@${clinic.of}`))).toBe("saml_error");
    expect(
      await altered((xml) =>
        xml.replace(/(SignatureValue>)(.)/, (_, before, one) => before + (one === "A" ? "B" : "A")),
      ),
    ).toBe("saml_error");
    expect(await refusal({ signedWith: stranger })).toBe("saml_error");
    expect(await refusal({ signedWith: stranger, shownCertificate: idp.keys.certificate })).toBe("saml_error");
    const withoutKey = (xml: string) =>
      xml.replace(/<ds:KeyInfo>[\s\S]*<\/ds:KeyInfo>|<KeyInfo>[\s\S]*<\/KeyInfo>/, "");
    expect(await refusal({ signedWith: stranger, alter: withoutKey })).toBe("saml_error");
    expect(await refusal({ algorithm: rsaSha1 })).toBe("signature algorithm");
    // Each alone: the signature's, the digest's, the canonical form's, what is done before.
    for (const [from, to] of [
      [/SignatureMethod Algorithm="[^"]*"/, `SignatureMethod Algorithm="${rsaSha1}"`],
      [/SignatureMethod Algorithm="[^"]*"/, 'SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"'],
      [/DigestMethod Algorithm="[^"]*"/, 'DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"'],
      [
        /CanonicalizationMethod Algorithm="[^"]*"/,
        'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
      ],
      [/(<(?:ds:)?Transform Algorithm=")[^"]*/, "$1http://www.w3.org/TR/1999/REC-xslt-19991116"],
      [/<(?:ds:)?Transform [^>]*\/>/, ""],
    ] as const)
      expect(await altered((xml) => xml.replace(from, to))).toBe("signature algorithm");
  });

  test("a signature vouches for the one assertion it stands in, and for nothing wrapped around it", async () => {
    const before = (xml: string, added: string) => xml.replace("<saml:Assertion ", `${added}<saml:Assertion `);
    const after = (xml: string, added: string) => xml.replace("</samlp:Response>", `${added}</samlp:Response>`);
    expect(await altered((xml) => before(xml, forged(xml)))).toBe("assertions");
    expect(await altered((xml) => after(xml, forged(xml)))).toBe("assertions");
    // The signed one hidden where nobody looks, a forged one in its place.
    const hide = (xml: string, place: string) =>
      xml.replace(assertionOf(xml), `${forged(xml)}<${place}>${assertionOf(xml)}</${place}>`);
    expect(await altered((xml) => hide(xml, "samlp:Extensions"))).toBe("assertions");
    expect(
      await altered((xml) =>
        xml.replace(
          assertionOf(xml),
          forged(xml).replace(
            "</saml:Issuer>",
            `</saml:Issuer>${signatureOf(xml).replace("</ds:Signature>", `<ds:Object>${assertionOf(xml).replace(signatureOf(xml), "")}</ds:Object></ds:Signature>`)}`,
          ),
        ),
      ),
    ).toBe("assertions");
    // The forged one has the signature, which covers something else of the same key.
    const moved = (xml: string, id: string) =>
      xml.replace(assertionOf(xml), forged(xml, id).replace("</saml:Issuer>", `</saml:Issuer>${signatureOf(xml)}`));
    expect(await altered((xml) => moved(xml, "_forged"))).toBe("signature place");
    expect(await altered((xml) => moved(after(xml, `<samlp:Extensions ID="${idOf(xml)}"/>`), "_forged"))).toBe(
      "signature place",
    );
    expect(await altered((xml) => after(xml, `<samlp:Extensions ID="${idOf(xml)}"/>`))).toBe("identifiers");
    expect(await altered((xml) => after(xml, `<samlp:Extensions Id="_x"/>`))).toBe("identifiers");
    expect(await altered((xml) => xml.replace("</ds:Signature>", "<ds:Object/></ds:Signature>"))).toBe(
      "signature place",
    );
    expect(await altered((xml) => after(xml, `<samlp:Extensions>${signatureOf(xml)}</samlp:Extensions>`))).toBe(
      "signature place",
    );
    // By the names of other namespaces.
    expect(await altered((xml) => after(xml, `<x:Assertion xmlns:x="urn:x"/>`))).toBe("assertions");
    expect(
      await altered((xml) => xml.replace("<saml:Subject>", `<saml:Subject><x:NameID xmlns:x="urn:x">chief</x:NameID>`)),
    ).toBe("assertions");
    expect(
      await refusal({
        template: (xml) =>
          xml.replace(
            "</saml:Subject>",
            "</saml:Subject><saml:Subject><saml:NameID>chief</saml:NameID></saml:Subject>",
          ),
      }),
    ).toBe("assertions");
    expect(await altered((xml) => xml.replaceAll("saml:Assertion", "saml:EncryptedAssertion"))).toBe("assertions");
  });

  test("it has to be of this provider, for us, sent here", async () => {
    expect(await says(() => ({ audience: "https://another.example.org" }))).toBe("audience");
    expect(
      await refusal({ template: (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, "") }),
    ).toBe("audience");
    expect(
      await refusal({
        template: (xml) =>
          xml.replace(
            "</saml:Conditions>",
            "<saml:AudienceRestriction><saml:Audience>https://another.example.org</saml:Audience></saml:AudienceRestriction></saml:Conditions>",
          ),
      }),
    ).toBe("audience");
    expect(await says(() => ({ recipient: "https://another.example.org/acs" }))).toBe("recipient");
    expect(await refusal({ template: (xml) => xml.replace(/ Recipient="[^"]*"/, "") })).toBe("recipient");
    expect(await says(() => ({ destination: "https://another.example.org/acs" }))).toBe("destination");
    expect(await refusal({ signs: "both", template: (xml) => xml.replace(/ Destination="[^"]*"/, "") })).toBe(
      "destination",
    );
    expect(await says(() => ({ issuer: "https://another.example.org" }))).toBe("issuer");
    expect(await says(() => ({ responseIssuer: "https://another.example.org" }))).toBe("issuer");
    expect(await says(() => ({ nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient" }))).toBe("subject");
    expect(await refusal({ template: (xml) => xml.replace("cm:bearer", "cm:sender-vouches") })).toBe("subject");
    // The same provider, serving two tenants: what is for the one is nothing to the other.
    const another = await withProvider();
    const begun = await begin(`x@${another.of}`);
    const form = await atProvider(begun.url, { nameId: randomUUID(), email: `x@${another.of}` });
    expect(await refusalOf({ ...form, action: clinic.provider.callback }, begun.cookie, `x@${another.of}`)).toBe(
      "destination",
    );
  });

  test("it has to be good now, and say until when", async () => {
    const at = (offset: number) => new Date(Date.now() + offset).toISOString();
    expect(await says(() => ({ notOnOrAfter: at(-hour) }))).toBe("expired");
    expect(await says(() => ({ confirmedUntil: at(-hour) }))).toBe("expired");
    expect(await says(() => ({ notBefore: at(hour), notOnOrAfter: at(2 * hour) }))).toBe("not yet valid");
    expect(
      await refusal({
        template: (xml) =>
          xml.replace("<saml:SubjectConfirmationData ", `<saml:SubjectConfirmationData NotBefore="${at(hour)}" `),
      }),
    ).toBe("not yet valid");
    expect(
      await refusal({ template: (xml) => xml.replace(/(<saml:Conditions [^>]*) NotOnOrAfter="[^"]*"/, "$1") }),
    ).toBe("expired");
    expect(
      await refusal({ template: (xml) => xml.replace(/(<saml:SubjectConfirmationData) NotOnOrAfter="[^"]*"/, "$1") }),
    ).toBe("expired");
    expect(await says(() => ({ notOnOrAfter: "tomorrow" }))).toBe("expired");
    expect(await says(() => ({ notBefore: "9999" }))).toBe("not yet valid");
  });

  test("it has to be plain XML of a modest size", async () => {
    expect(await altered((xml) => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`)).toBe("xml");
    expect(await altered((xml) => xml.replace("Grace", "&e;"))).toBe("xml");
    expect(await refusal({ template: (xml) => xml.replace("@", "<!---->@") })).toBe("xml");
    expect(await refusal({ alter: (xml) => xml.replace("Grace", "<![CDATA[Grace]]>") })).toBe("xml");
    expect(await refusal({ alter: (xml) => xml.replace("Grace", "<?x y?>Grace") })).toBe("xml");
    expect(await altered((xml) => `${xml}<x/>`)).toBe("xml");
    expect(
      await altered((xml) =>
        xml.replace(
          "<samlp:Status>",
          `<samlp:Extensions>${"<a>".repeat(60)}${"</a>".repeat(60)}</samlp:Extensions><samlp:Status>`,
        ),
      ),
    ).toBe("xml");
    expect(await altered((xml) => xml.replace("<samlp:Status>", `${" ".repeat(140 * 1024)}<samlp:Status>`))).toBe(
      "size",
    );
    expect(await altered((xml) => xml.replace("<samlp:Status>", `${" ".repeat(600 * 1024)}<samlp:Status>`))).toBe(
      "size",
    );
    const begun = await begin(`x@${clinic.of}`);
    const form = await atProvider(begun.url, { nameId: randomUUID(), email: `x@${clinic.of}` });
    for (const [SAMLResponse, reason] of [
      ["%%%", "encoding"],
      [Buffer.from([0x3c, 0xff, 0xfe]).toString("base64"), "encoding"],
      [Buffer.from("<x/>").toString("base64"), "form"],
    ] as const)
      expect(await refusalOf({ ...form, SAMLResponse }, begun.cookie, `x@${clinic.of}`)).toBe(reason);
    const twice = `SAMLResponse=${encodeURIComponent(form.SAMLResponse)}&SAMLResponse=AAAA&RelayState=x`;
    const headers = { "content-type": "application/x-www-form-urlencoded", cookie: begun.cookie };
    const doubled = await authHandler(deps)(new Request(form.action, { method: "POST", headers, body: twice }));
    expect(doubled.headers.get("location")).toBe("/sign-in?error=form");
    const filler = `${twice}&filler=${"x".repeat(300 * 1024)}`;
    const heavy = await authHandler(deps)(new Request(form.action, { method: "POST", headers, body: filler }));
    expect(heavy.headers.get("location")).toBe("/sign-in?error=size");
    const json = await authHandler(deps)(
      new Request(form.action, {
        method: "POST",
        headers: { "content-type": "application/json", cookie: begun.cookie },
        body: JSON.stringify({ SAMLResponse: form.SAMLResponse, RelayState: form.RelayState }),
      }),
    );
    expect(json.headers.get("location")).toBe("/sign-in?error=form");
  });

  test("its settings are taken from metadata or from three fields, checked, and sealed", async () => {
    const viewer = await owner();
    const of = `${randomUUID().slice(0, 8)}.example.org`;
    const given = { kind: "saml", metadata: idp.metadata, defaultRole: "reader" };
    await expect(addProvider(as(viewer), viewer, given)).rejects.toThrow(/Verify a domain/);
    await grantDomain(deps, viewer.tenantId, of);
    const fields = {
      kind: "saml",
      entityId: idp.entityId,
      signInAddress: idp.signInAddress,
      certificate: idp.keys.certificate,
      emailAttribute: "mail",
    };
    const weak = makeKeys({ bits: 1024 }).certificate;
    const expired = makeKeys({ days: -1 }).certificate;
    for (const [wrong, told] of [
      [{ ...given, metadata: "<x/>" }, /“metadata”.*EntityDescriptor/],
      [{ ...given, metadata: `<!DOCTYPE x [<!ENTITY e "x">]>${idp.metadata}` }, /“metadata”.*document type/],
      [
        {
          ...given,
          metadata: idp.metadata.replace(/WantAuthnRequestsSigned="false"/, 'WantAuthnRequestsSigned="true"'),
        },
        /signed requests/,
      ],
      [{ ...given, metadata: idp.metadata.replaceAll("HTTP-Redirect", "SOAP") }, /HTTP-Redirect/],
      [
        { ...given, metadata: idp.metadata.replace(/<[^<]*X509Certificate>[^<]*<\/[^<]*X509Certificate>/, "") },
        /certificates/,
      ],
      [{ ...fields, entityId: "" }, /“entityId”/],
      [{ ...fields, signInAddress: "javascript:alert(1)" }, /“signInAddress”.*https/],
      [{ ...fields, signInAddress: "http://login.example.org/" }, /“signInAddress”.*https/],
      [{ ...fields, certificate: "nonsense" }, /“certificate”/],
      [{ ...fields, certificate: weak }, /2048/],
      [{ ...fields, certificate: expired }, /valid today/],
      [{ ...fields, defaultRole: "owner" }, /defaultRole/],
    ] as const) {
      const error = await addProvider(as(viewer), viewer, wrong).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidInputError);
      expect((error as Error).message).toMatch(told);
    }
    await addProvider(as(viewer), viewer, fields);
    const { rows } = await deps.database.pool.query("select * from sso_providers where tenant_id = $1", [
      viewer.tenantId,
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ issuer: idp.entityId, oidc_config: null });
    expect(rows[0].saml_config).not.toContain("CERTIFICATE");
    const { providers } = await listSingleSignOn(as(viewer), viewer);
    expect(await testProvider(as(viewer), viewer, providers[0]?.id ?? "")).toEqual({ issuer: idp.entityId });
    idp.serve(await (await authHandler(deps)(new Request(providers[0]?.entityId ?? ""))).text());
    expect((await goThrough(`f@${of}`, { nameId: randomUUID() })).location).toBe("/c/1");
    await expect(removeProvider(as(clinic.viewer), clinic.viewer, providers[0]?.id ?? "")).rejects.toThrow(
      NotFoundError,
    );
  });

  test("of all writes, only a response's may come from another site, and only its paths are there", async () => {
    const id = providerIdOf(clinic.provider);
    const by = (method: string, path: string) => new Request(`${site()}/api/auth${path}`, { method });
    expect(isForeignByDesign(by("POST", `/sso/saml2/sp/acs/${id}`))).toBe(true);
    for (const path of [
      `/sso/saml2/sp/acs/${id}/`,
      `/sso/saml2/sp/acs/${id}/..%2f..`,
      `/sso/saml2/sp/acs/x`,
      `/sso/saml2/sp/slo/${id}`,
      `/sso/callback/${id}`,
      "/sign-in/sso",
      "/sign-in/email",
      "/sign-out",
    ])
      expect(isForeignByDesign(by("POST", path)), path).toBe(false);
    for (const [method, path] of [
      ["GET", `/sso/saml2/sp/acs/${id}`],
      ["GET", "/sso/saml2/sp/metadata"],
      ["GET", `/sso/saml2/sp/metadata?providerId=x`],
      ["POST", `/sso/saml2/sp/metadata?providerId=${id}`],
      ["POST", `/sso/saml2/sp/slo/${id}`],
      ["GET", `/sso/saml2/sp/slo/${id}`],
      ["POST", `/sso/saml2/logout/${id}`],
      ["POST", `/sso/saml2/sp/acs/${randomUUID()}`],
      ["POST", "/sso/register"],
    ] as const)
      await expect(authHandler(deps)(by(method, path)), path).rejects.toThrow(NotFoundError);
  });
}

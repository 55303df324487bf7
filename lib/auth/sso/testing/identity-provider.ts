import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inflateRawSync } from "node:zlib";
import { type Keys, makeKeys } from "./certificate.ts";

/** What is said of who signed in; each value may be made wrong. */
export interface Statement {
  id: string;
  assertionId: string;
  issuer: string;
  responseIssuer: string;
  destination: string;
  recipient: string;
  audience: string;
  /** What the signed part answers, and what its unsigned shell says. */
  inResponseTo: string;
  responseTo: string;
  notBefore: string;
  notOnOrAfter: string;
  confirmedUntil: string;
  nameId: string;
  nameIdFormat: string;
  email: string;
}

/** How the provider answers the next request. */
export interface Manner {
  nameId: string;
  email: string;
  change?: (statement: Statement) => Partial<Statement>;
  /** Of what will be signed. */
  template?: (xml: string) => string;
  signedWith?: Keys;
  shownCertificate?: string;
  algorithm?: string;
  signs?: "assertion" | "response" | "both";
  /** Of what was signed. */
  alter?: (xml: string) => string;
}

interface Library {
  IdentityProvider(settings: object): Entity;
  ServiceProvider(settings: object): Entity;
}
interface Entity {
  createLoginResponse(
    sp: Entity,
    request: object,
    binding: string,
    user: object,
    options: { customTagReplacement(template: string): { id: string; context: string } },
  ): Promise<{ context: string }>;
  entityMeta: { getEntityID(): string; getAssertionConsumerService(binding: string): string };
  getMetadata(): string;
}

export interface TestProvider {
  entityId: string;
  signInAddress: string;
  metadata: string;
  keys: Keys;
  manner: Manner;
  /** Tells the provider of one that it serves, by that one's metadata. */
  serve(metadata: string): void;
  close(): void;
}

const minute = 60_000;
const template = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now}" Destination="{destination}" InResponseTo="{responseTo}"><saml:Issuer>{responseIssuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="{assertionId}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{nameIdFormat}">{nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{confirmedUntil}" Recipient="{recipient}" InResponseTo="{inResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{notBefore}" NotOnOrAfter="{notOnOrAfter}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute><saml:Attribute Name="displayName"><saml:AttributeValue>Grace Hopper</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>`;

/** An identity provider of samlify's making on this machine; it answers with a form, as providers do. */
export async function openTestProvider(keys: Keys = makeKeys()): Promise<TestProvider> {
  // The very copy that better-auth's plugin uses; it is none of our own dependencies.
  const library = (await import("samlify" as string)) as Library;
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const entityId = `${origin}/entity`;
  const served = new Map<string, string>();
  const entity = (signed: Keys, { algorithm, shownCertificate }: Partial<Manner> = {}) =>
    library.IdentityProvider({
      entityID: entityId,
      signingCert: shownCertificate ?? signed.certificate,
      privateKey: signed.privateKey,
      ...(algorithm && { requestSignatureAlgorithm: algorithm }),
      singleSignOnService: [
        { Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", Location: `${origin}/sign-in` },
      ],
    });
  const provider: TestProvider = {
    entityId,
    signInAddress: `${origin}/sign-in`,
    metadata: entity(keys).getMetadata(),
    keys,
    manner: { nameId: "nobody", email: "nobody@example.org" },
    serve(metadata) {
      const { entityMeta } = library.ServiceProvider({ metadata });
      served.set(entityMeta.getEntityID(), metadata);
    },
    close() {
      http.close();
      http.closeAllConnections();
    },
  };
  async function answer(address: URL): Promise<string> {
    const { manner } = provider;
    const query = Object.fromEntries(address.searchParams);
    for (const metadata of served.values()) {
      const signs = manner.signs ?? "assertion";
      const shown =
        signs === "response"
          ? metadata.replace('WantAssertionsSigned="true"', 'WantAssertionsSigned="false"')
          : metadata;
      const sp = library.ServiceProvider({ metadata: shown, wantMessageSigned: signs === "both" });
      const idp = entity(manner.signedWith ?? keys, manner);
      const xml = readRequest(query.SAMLRequest ?? "");
      const id = /\sID="([^"]+)"/.exec(xml)?.[1];
      if (!id || !xml.includes(sp.entityMeta.getEntityID().replace("&", "&amp;"))) continue;
      const request = { extract: { request: { id } } };
      const text = statementOf(sp, id, manner);
      const { context } = await idp.createLoginResponse(
        sp,
        request,
        "post",
        {},
        {
          customTagReplacement: () => ({ id: "unused", context: text }),
        },
      );
      const signed = Buffer.from(context, "base64").toString();
      const altered = manner.alter ? manner.alter(signed) : signed;
      return pageOf(sp.entityMeta.getAssertionConsumerService("post"), altered, query.RelayState ?? "");
    }
    throw new Error("nobody that this provider serves");
  }
  function statementOf(sp: Entity, requestId: string, manner: Manner): string {
    const acs = sp.entityMeta.getAssertionConsumerService("post");
    const at = (offset: number) => new Date(Date.now() + offset).toISOString();
    const honest: Statement = {
      id: `_${randomUUID()}`,
      assertionId: `_${randomUUID()}`,
      issuer: entityId,
      responseIssuer: entityId,
      destination: acs,
      recipient: acs,
      audience: sp.entityMeta.getEntityID(),
      inResponseTo: requestId,
      responseTo: requestId,
      notBefore: at(-minute),
      notOnOrAfter: at(5 * minute),
      confirmedUntil: at(5 * minute),
      nameId: manner.nameId,
      nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
      email: manner.email,
    };
    const said: Record<string, string> = { ...honest, now: at(0), ...manner.change?.(honest) };
    const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => said[name] ?? "");
    return manner.template ? manner.template(filled) : filled;
  }
  http.on("request", (incoming, outgoing) => {
    answer(new URL(incoming.url ?? "", origin)).then(
      (page) => outgoing.writeHead(200, { "content-type": "text/html" }).end(page),
      (error) => outgoing.writeHead(500).end(String(error)),
    );
  });
  return provider;
}

function pageOf(action: string, xml: string, state: string): string {
  const response = Buffer.from(xml).toString("base64");
  return `<!doctype html><html lang="en"><title>Login</title><form method="post" action="${action}">
<input type="hidden" name="SAMLResponse" value="${response}"><input type="hidden" name="RelayState" value="${state}">
<button>Go back</button></form></html>`;
}

function readRequest(encoded: string): string {
  return inflateRawSync(Buffer.from(encoded, "base64")).toString();
}

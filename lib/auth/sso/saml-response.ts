import { everyElement, readXml, type XmlElement, XmlError } from "./saml-xml.ts";

/**
 * What a response of an identity provider has to be before anything else of the application sees it (OASIS SAML 2.0:
 * core, profiles 4.1.4, and the errata; signatures: W3C xmldsig-core). It says where the one signature stands and what
 * it covers; that the signature is the provider's is verified after this, by better-auth.
 */
export const protocolNamespace = "urn:oasis:names:tc:SAML:2.0:protocol";
export const assertionNamespace = "urn:oasis:names:tc:SAML:2.0:assertion";
const signatureNamespace = "http://www.w3.org/2000/09/xmldsig#";
const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
const enveloped = `${signatureNamespace}enveloped-signature`;

const signatureMethods = new Set([
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
]);
const digestMethods = new Set([
  "http://www.w3.org/2001/04/xmlenc#sha256",
  "http://www.w3.org/2001/04/xmldsig-more#sha384",
  "http://www.w3.org/2001/04/xmlenc#sha512",
]);
/** All that may stand in a signature; an Object, which could hold a second assertion, may not. */
const signatureParts = new Set(
  (
    "Signature SignedInfo CanonicalizationMethod SignatureMethod Reference Transforms Transform InclusiveNamespaces " +
    "DigestMethod DigestValue SignatureValue KeyInfo KeyName KeyValue RSAKeyValue Modulus Exponent X509Data " +
    "X509Certificate X509SubjectName X509IssuerSerial X509IssuerName X509SerialNumber"
  ).split(" "),
);
const conditions = new Set(["AudienceRestriction", "OneTimeUse", "ProxyRestriction"]);

/** Milliseconds that clocks may differ. */
export const clockSkew = 60_000;

/** Why a response is refused; for the audit log. */
export type SamlReason =
  | "form"
  | "size"
  | "encoding"
  | "xml"
  | "assertions"
  | "identifiers"
  | "signature missing"
  | "signature place"
  | "signature algorithm"
  | "issuer"
  | "destination"
  | "recipient"
  | "subject"
  | "audience"
  | "expired"
  | "not yet valid"
  | "request"
  | "browser";

export class SamlRefusal extends Error {
  override name = "SamlRefusal";
  readonly reason: SamlReason;

  constructor(reason: SamlReason) {
    super(`the identity provider's response was refused: ${reason}`);
    this.reason = reason;
  }
}

export interface Expected {
  /** The provider's entity id. */
  issuer: string;
  /** Ours. */
  audience: string;
  /** Where it must have been sent. */
  recipient: string;
  /** In milliseconds since 1970. */
  now: number;
}

/** @returns the request that it answers. @throws SamlRefusal */
export function checkSamlResponse(text: string, expected: Expected): { inResponseTo: string } {
  const response = parse(text);
  const assertion = soleAssertion(response);
  checkIdentifiers(response);
  const isWholeSigned = checkSignatures(response, assertion);
  checkIssuers(response, assertion, expected.issuer);
  checkDestination(response, isWholeSigned, expected.recipient);
  checkAudience(assertion, expected.audience);
  checkTimes(only(assertion, "Conditions", "expired"), expected.now);
  const confirmation = confirmationOf(assertion);
  if (confirmation.attributes.get("Recipient") !== expected.recipient) throw new SamlRefusal("recipient");
  checkTimes(confirmation, expected.now);
  // The response's own word may be unsigned; the assertion's is not. Both name the one request.
  const inResponseTo = confirmation.attributes.get("InResponseTo");
  if (!inResponseTo || response.attributes.get("InResponseTo") !== inResponseTo) throw new SamlRefusal("request");
  return { inResponseTo };
}

function parse(text: string): XmlElement {
  try {
    return readXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new SamlRefusal("xml");
    throw error;
  }
}

/** One assertion, where it belongs, by whatever way a parser may count: names are compared without namespaces. */
function soleAssertion(response: XmlElement): XmlElement {
  if (response.name !== "Response" || response.namespace !== protocolNamespace) throw new SamlRefusal("form");
  const named = (name: string) => [...everyElement(response)].filter((element) => element.name === name);
  const [assertion] = named("Assertion");
  const isOne = ["Assertion", "Response", "Issuer", "Subject", "Conditions", "NameID", "AttributeStatement"].every(
    (name) => named(name).length <= (name === "Issuer" ? 2 : 1),
  );
  const isPlain = [...everyElement(response)].every(({ name }) => !name.startsWith("Encrypted"));
  if (!assertion || !isOne || !isPlain) throw new SamlRefusal("assertions");
  if (!response.children.includes(assertion) || assertion.namespace !== assertionNamespace)
    throw new SamlRefusal("assertions");
  if (response.attributes.get("Version") !== "2.0" || assertion.attributes.get("Version") !== "2.0")
    throw new SamlRefusal("form");
  return assertion;
}

/** A signature names what it covers by an identifier: no two elements may share one, however it is written. */
function checkIdentifiers(response: XmlElement): void {
  const seen = new Set<string>();
  for (const { attributes } of everyElement(response)) {
    for (const [name, value] of attributes) {
      if (!/^(?:.*:)?id$/i.test(name)) continue;
      if (name !== "ID" || !/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(value) || seen.has(value))
        throw new SamlRefusal("identifiers");
      seen.add(value);
    }
  }
}

/** The assertion is signed itself; the response may be as well. @returns whether it is */
function checkSignatures(response: XmlElement, assertion: XmlElement): boolean {
  const all = [...everyElement(response)].filter(({ name }) => name === "Signature");
  const own = signaturesOf(assertion);
  const outer = signaturesOf(response);
  if (own.length === 0) throw new SamlRefusal("signature missing");
  if (own.length !== 1 || outer.length > 1 || all.length !== own.length + outer.length)
    throw new SamlRefusal("signature place");
  for (const signature of own) checkSignature(signature, assertion);
  for (const signature of outer) checkSignature(signature, response);
  return outer.length === 1;
}

function signaturesOf(element: XmlElement): XmlElement[] {
  return element.children.filter(({ name, namespace }) => name === "Signature" && namespace === signatureNamespace);
}

/** It covers the element it stands in, wholly, by methods that are still good. */
function checkSignature(signature: XmlElement, signed: XmlElement): void {
  if ([...everyElement(signature)].some(({ name }) => !signatureParts.has(name)))
    throw new SamlRefusal("signature place");
  const info = only(signature, "SignedInfo", "signature place");
  const reference = only(info, "Reference", "signature place");
  const id = signed.attributes.get("ID");
  if (!id || reference.attributes.get("URI") !== `#${id}`) throw new SamlRefusal("signature place");
  const transforms = only(reference, "Transforms", "signature algorithm").children.map(algorithmOf);
  const isGood =
    algorithmOf(only(info, "CanonicalizationMethod", "signature algorithm")) === exclusive &&
    signatureMethods.has(algorithmOf(only(info, "SignatureMethod", "signature algorithm"))) &&
    digestMethods.has(algorithmOf(only(reference, "DigestMethod", "signature algorithm"))) &&
    transforms.length === 2 &&
    transforms[0] === enveloped &&
    transforms[1] === exclusive;
  if (!isGood) throw new SamlRefusal("signature algorithm");
}

function algorithmOf(element: XmlElement): string {
  return element.attributes.get("Algorithm") ?? "";
}

function checkIssuers(response: XmlElement, assertion: XmlElement, expected: string): void {
  if (only(assertion, "Issuer", "issuer").text !== expected) throw new SamlRefusal("issuer");
  const outer = response.children.filter(({ name }) => name === "Issuer");
  if (outer.some(({ text }) => text !== expected)) throw new SamlRefusal("issuer");
}

/** A signed response must name where it goes (bindings 3.5.5.2); any that names it must name us. */
function checkDestination(response: XmlElement, isSigned: boolean, expected: string): void {
  const destination = response.attributes.get("Destination");
  if (destination === undefined ? isSigned : destination !== expected) throw new SamlRefusal("destination");
}

function checkAudience(assertion: XmlElement, expected: string): void {
  const { children } = only(assertion, "Conditions", "audience");
  if (children.some(({ name }) => !conditions.has(name))) throw new SamlRefusal("form");
  const restrictions = children.filter(({ name }) => name === "AudienceRestriction");
  const isOurs = restrictions.every(({ children: audiences }) =>
    audiences.some(({ name, text }) => name === "Audience" && text === expected),
  );
  if (restrictions.length === 0 || !isOurs) throw new SamlRefusal("audience");
}

/** The bearer's confirmation: the only one there is. */
function confirmationOf(assertion: XmlElement): XmlElement {
  const subject = only(assertion, "Subject", "subject");
  const nameId = only(subject, "NameID", "subject");
  // An account is found again by this name: it has to be the same tomorrow.
  const isLasting = !nameId.attributes.get("Format")?.endsWith(":transient");
  const confirmation = only(subject, "SubjectConfirmation", "subject");
  const isBearer = confirmation.attributes.get("Method") === "urn:oasis:names:tc:SAML:2.0:cm:bearer";
  if (!isLasting || !isBearer || nameId.text.trim() === "" || nameId.text.length > 256)
    throw new SamlRefusal("subject");
  return only(confirmation, "SubjectConfirmationData", "subject");
}

/** It must say until when it is good, and be good now. */
function checkTimes(element: XmlElement, now: number): void {
  const end = timeOf(element.attributes.get("NotOnOrAfter"));
  const start = element.attributes.get("NotBefore");
  if (!(now < end + clockSkew)) throw new SamlRefusal("expired");
  if (start !== undefined && !(now >= timeOf(start) - clockSkew)) throw new SamlRefusal("not yet valid");
}

/** In milliseconds since 1970; not a number when it is no time in UTC (core 1.3.3). */
function timeOf(text: string | undefined): number {
  return text && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
}

function only(parent: XmlElement, name: string, reason: SamlReason): XmlElement {
  const [found, another] = parent.children.filter((child) => child.name === name);
  const namespace = signatureParts.has(name) ? signatureNamespace : assertionNamespace;
  if (!found || another || found.namespace !== namespace) throw new SamlRefusal(reason);
  return found;
}

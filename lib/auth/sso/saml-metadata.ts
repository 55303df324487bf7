import { X509Certificate } from "node:crypto";
import { InvalidInputError } from "../../errors.ts";
import { everyElement, readXml, type XmlElement, XmlError } from "./saml-xml.ts";

/** What is kept of an identity provider; public, all of it. */
export interface SamlIdentity {
  entityId: string;
  /** Where people are sent to sign in, by redirect. */
  signInAddress: string;
  /** Base64 of DER, of its signing keys. */
  certificates: string[];
}

const metadataNamespace = "urn:oasis:names:tc:SAML:2.0:metadata";
const redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const leastBits = 2048;

/** Reads a provider's own description (OASIS SAML 2.0 metadata). @throws InvalidInputError saying what is missing */
export function readSamlMetadata(text: string): SamlIdentity {
  const root = parse(text);
  if (root.name !== "EntityDescriptor" || root.namespace !== metadataNamespace)
    throw invalid("metadata", "it does not describe one identity provider (EntityDescriptor)");
  const described = root.children.filter(
    ({ name, namespace }) => name === "IDPSSODescriptor" && namespace === metadataNamespace,
  );
  const [provider] = described;
  if (!provider || described.length > 1) throw invalid("metadata", "it has not one IDPSSODescriptor");
  if (/^(?:true|1)$/.test(provider.attributes.get("WantAuthnRequestsSigned")?.trim() ?? ""))
    throw invalid("metadata", "the provider wants signed requests, and Probatum sends none: turn that off there");
  const service = provider.children.find(
    ({ name, attributes }) => name === "SingleSignOnService" && attributes.get("Binding") === redirect,
  );
  if (!service) throw invalid("metadata", "it names no sign-in address for HTTP-Redirect");
  const certificates = provider.children
    .filter(({ name, attributes }) => name === "KeyDescriptor" && attributes.get("use") !== "encryption")
    .flatMap((key) => [...everyElement(key)].filter(({ name }) => name === "X509Certificate"))
    .map((element) => element.text);
  return checkSamlIdentity(
    {
      entityId: root.attributes.get("entityID") ?? "",
      signInAddress: service.attributes.get("Location") ?? "",
      certificates,
    },
    "metadata",
  );
}

/** @throws InvalidInputError naming the field, or `field` when all is from one */
export function checkSamlIdentity(identity: SamlIdentity, field?: string): SamlIdentity {
  const entityId = identity.entityId.trim();
  if (entityId === "" || entityId.length > 1024 || /[\s<>&]/.test(entityId))
    throw invalid(field ?? "entityId", "the provider's entity id is needed, without spaces, < > and &");
  const signInAddress = identity.signInAddress.trim();
  if (!isAddress(signInAddress))
    throw invalid(field ?? "signInAddress", "the provider's sign-in address has to begin with https://");
  const certificates = [...new Set(identity.certificates.map((text) => checkCertificate(text, field)))];
  if (certificates.length === 0 || certificates.length > 4)
    throw invalid(field ?? "certificate", "one to four signing certificates of the provider are needed");
  checkValidity(certificates, field);
  return { entityId, signInAddress, certificates };
}

/** That one of them is valid today. @throws InvalidInputError */
export function checkValidity(certificates: readonly string[], field = "certificate"): void {
  const isValid = certificates.some((text) => {
    const { validFrom, validTo } = new X509Certificate(Buffer.from(text, "base64"));
    return Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo);
  });
  if (!isValid) throw invalid(field, "no signing certificate of the provider is valid today");
}

function checkCertificate(text: string, field = "certificate"): string {
  const body = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----|\s/g, "");
  let key: X509Certificate["publicKey"];
  try {
    key = new X509Certificate(Buffer.from(body, "base64")).publicKey;
  } catch {
    throw invalid(field, "the certificate cannot be read: it is to be PEM, or the Base64 within");
  }
  if (key.asymmetricKeyType !== "rsa" || (key.asymmetricKeyDetails?.modulusLength ?? 0) < leastBits)
    throw invalid(field, `the certificate's key is to be RSA of at least ${leastBits} bits`);
  return body;
}

/** Only a browser goes there; on this machine's own address it need not be encrypted. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text) || text.length > 2000) return false;
  const { protocol, hostname, username, hash } = new URL(text);
  if (username !== "" || hash !== "") return false;
  return protocol === "https:" || (protocol === "http:" && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}

function parse(text: string): XmlElement {
  try {
    return readXml(text.trim(), { comments: true });
  } catch (error) {
    if (error instanceof XmlError) throw invalid("metadata", error.message);
    throw error;
  }
}

function invalid(field: string, why: string): InvalidInputError {
  return new InvalidInputError(`“${field}”: ${why}.`);
}

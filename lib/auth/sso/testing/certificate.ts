import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

export interface Keys {
  privateKey: string;
  /** PEM, signed by itself. */
  certificate: string;
}

/** An RSA key and its certificate (X.509, RFC 5280), valid from yesterday for so many days. */
export function makeKeys({ days = 30, bits = 2048 } = {}): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const bytes = certificateOf(privateKey, publicKey, days);
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function certificateOf(privateKey: KeyObject, publicKey: KeyObject, days: number): Buffer {
  const sha256WithRsa = sequence(Buffer.from("06092a864886f70d01010b", "hex"), Buffer.from("0500", "hex"));
  const commonName = sequence(Buffer.from("0603550403", "hex"), encode(0x0c, Buffer.from("login.example.org")));
  const name = sequence(encode(0x31, commonName));
  const day = 24 * 60 * 60 * 1000;
  const begin = days > 0 ? Date.now() - day : Date.now() - 10 * day;
  const subject = sequence(
    encode(0xa0, encode(0x02, Buffer.from([2]))),
    encode(0x02, Buffer.from([1, ...randomBytes(8)])),
    sha256WithRsa,
    name,
    sequence(time(begin), time(Date.now() + days * day)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = createSign("sha256").update(subject).sign(privateKey);
  return sequence(subject, sha256WithRsa, encode(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

function sequence(...parts: Buffer[]): Buffer {
  return encode(0x30, Buffer.concat(parts));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, "").slice(2, 14);
  return encode(0x17, Buffer.from(`${digits}Z`));
}

/** DER: a tag, the length, the bytes. */
function encode(tag: number, body: Buffer): Buffer {
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

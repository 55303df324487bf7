import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Seals and opens what is kept of identity providers: AES-256-GCM under a key that is derived from AUTH_SECRET. */
export interface Seal {
  seal(text: string): string;
  /** @throws Error when it was sealed under another secret, or changed since */
  open(sealed: string): string;
}

const version = "s1";

export function openSeal(secret: string): Seal {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "probatum identity providers", 32));
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealed) {
      const [form, body = ""] = sealed.split(".");
      if (form !== version) throw new Error("an identity provider's settings are not sealed as expected");
      const bytes = Buffer.from(body, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    },
  };
}

import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { NotFoundError } from "../errors.ts";

/** Days that an invitation holds. */
export const invitationDays = 7;

const secretBytes = 32;
const secret = z.base64url().length(Math.ceil((secretBytes * 4) / 3));

/** A link's secret, and what is kept of it. */
export function newSecret(): { secret: string; tokenHash: Buffer } {
  const made = randomBytes(secretBytes).toString("base64url");
  return { secret: made, tokenHash: hashOf(made) };
}

/** @throws NotFoundError for what cannot be one */
export function hashOfSecret(given: string): Buffer {
  if (!secret.safeParse(given).success) throw new NotFoundError("The invitation");
  return hashOf(given);
}

function hashOf(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}

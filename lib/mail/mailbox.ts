import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Env } from "../env.ts";
import type { Mail } from "./mailer.ts";

export type MailboxPlace = Pick<Env, "NODE_ENV" | "SMTP_URL" | "dataDirectory">;

const keptMail = z.object({ to: z.string(), subject: z.string(), text: z.string(), at: z.string() });
export type KeptMail = z.infer<typeof keptMail>;

/** Where mails are kept for a page to show them: in development, and only without a mail server. Null: nowhere. */
export function mailboxOf(env: MailboxPlace): string | null {
  return env.NODE_ENV === "production" || env.SMTP_URL ? null : join(env.dataDirectory, "mailbox");
}

export async function keepInMailbox(directory: string, mail: Mail): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const at = new Date().toISOString();
  const file = join(directory, `${at.replaceAll(":", "-")}-${randomUUID()}.json`);
  await writeFile(file, JSON.stringify({ ...mail, at }), { mode: 0o600 });
}

/** The last 50 mails, the newest first. Null: there is no mailbox here, and its page is not found. */
export async function listMailbox(env: MailboxPlace): Promise<KeptMail[] | null> {
  const directory = mailboxOf(env);
  if (!directory) return null;
  const names = await readdir(directory).catch(() => []);
  const newest = names.sort().reverse().slice(0, 50);
  return Promise.all(
    newest.map(async (name) => keptMail.parse(JSON.parse(await readFile(join(directory, name), "utf8")))),
  );
}

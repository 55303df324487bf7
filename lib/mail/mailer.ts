import { createTransport } from "nodemailer";
import type { Env } from "../env.ts";
import { keepInMailbox, type MailboxPlace, mailboxOf } from "./mailbox.ts";

/** Plain text only: a clinic's mail servers rewrite and follow what looks like a page. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export interface Mailer {
  /** `none`: in production without SMTP_URL nothing can be sent. */
  kind: "smtp" | "mailbox" | "none";
  /** Milliseconds to seconds, by SMTP. Throws the server's error when it does not take the mail, or when kind is none. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

export function openMailer(env: MailboxPlace & Pick<Env, "SMTP_URL" | "MAIL_FROM">): Mailer {
  if (env.SMTP_URL) return openSmtp(env.SMTP_URL, env.MAIL_FROM);
  const mailbox = mailboxOf(env);
  if (mailbox) return { kind: "mailbox", send: (mail) => keepInMailbox(mailbox, mail), close: () => undefined };
  const send = () => Promise.reject(new Error("SMTP_URL is not set: no mail can be sent."));
  return { kind: "none", send, close: () => undefined };
}

function openSmtp(url: string, from: string): Mailer {
  const transport = createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true });
  return {
    kind: "smtp",
    // As an object, so that a comma in an address never makes it two.
    send: async ({ to, subject, text }) => {
      await transport.sendMail({ to: { name: "", address: to }, subject, text });
    },
    close: () => transport.close(),
  };
}

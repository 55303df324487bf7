/** Mails by SMTP; in development a mailbox of files that a page shows. */
export { listMailbox } from "./mailbox.ts";
export { type Mail, type Mailer, openMailer } from "./mailer.ts";

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { afterEach, expect, test } from "vitest";
import { listMailbox, openMailer } from "./index.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const settings = { NODE_ENV: "test", MAIL_FROM: "Probatum <probatum@clinic.example.org>" } as const;

async function openServer() {
  const received: { from: string; to: string[]; mail: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) =>
      password === "right" ? done(null, { user: username }) : done(new Error("wrong password")),
    onData(stream, { envelope }, done) {
      void text(stream).then((mail) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : "";
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), mail });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { received, host: `127.0.0.1:${(server.server.address() as AddressInfo).port}` };
}

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "probatum-mail-"));
  closers.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

test("a mail goes to one receiver by SMTP, whatever its words hold", async () => {
  const { received, host } = await openServer();
  const mailer = openMailer({ ...settings, SMTP_URL: `smtp://${host}`, dataDirectory: await directory() });
  await mailer.send({
    to: "one@example.org",
    subject: "Choose\r\nBcc: other@example.org",
    text: "Good day Zoë,\n.\nBcc: other@example.org",
  });
  mailer.close();
  expect(received).toMatchObject([{ from: "probatum@clinic.example.org", to: ["one@example.org"] }]);
  expect(received[0]?.mail.split("\r\n\r\n")[0]).not.toMatch(/^Bcc:/im);
});

test("an address with a comma or a line break is never two", async () => {
  const { received, host } = await openServer();
  const mailer = openMailer({ ...settings, SMTP_URL: `smtp://${host}`, dataDirectory: await directory() });
  for (const to of ["one@example.org,other@example.org", "one@example.org\r\nRCPT TO:<other@example.org>"])
    await mailer.send({ to, subject: "S", text: "T" }).catch(() => undefined);
  mailer.close();
  expect(received.flatMap(({ to }) => to)).not.toContain("other@example.org");
});

test("a mail server's refusal is an error", async () => {
  const { host } = await openServer();
  const mailer = openMailer({ ...settings, SMTP_URL: `smtp://user:wrong@${host}`, dataDirectory: await directory() });
  await expect(mailer.send({ to: "one@example.org", subject: "S", text: "T" })).rejects.toThrow(/login|auth/i);
  mailer.close();
});

test("without a mail server mails are kept in development, the newest first, and nowhere in production", async () => {
  const development = { ...settings, SMTP_URL: undefined, dataDirectory: await directory() };
  const mailer = openMailer(development);
  expect(mailer.kind).toBe("mailbox");
  for (const subject of ["first", "second"]) {
    const sentAt = Date.now();
    await mailer.send({ to: "one@example.org", subject, text: "T" });
    while (Date.now() === sentAt) await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await listMailbox(development))?.map(({ subject }) => subject)).toEqual(["second", "first"]);
  expect(await listMailbox({ ...development, SMTP_URL: "smtp://mail.example.org" })).toBeNull();
  const production = { ...development, NODE_ENV: "production" } as const;
  expect(await listMailbox(production)).toBeNull();
  expect(openMailer(production).kind).toBe("none");
  await expect(openMailer(production).send({ to: "a@b.org", subject: "S", text: "T" })).rejects.toThrow(/SMTP_URL/);
});

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AccountFrame } from "#app/account/frame.tsx";
import { getDeps } from "#lib/deps.ts";
import { listMailbox } from "#lib/mail/index.ts";

export const metadata: Metadata = { title: "Mailbox", robots: { index: false } };

/** Mails that would have been sent; in development alone, and not once a mail server is set. */
export default async function MailboxPage() {
  const mails = await listMailbox((await getDeps()).env);
  if (!mails) notFound();
  return (
    <AccountFrame title="Development mailbox" wide>
      {mails.length === 0 && <p className="mt-3 text-ink-soft text-sm">No mail yet.</p>}
      <ul className="mt-5 grid gap-4">
        {mails.map(({ to, subject, text, at }) => (
          <li key={`${at} ${to}`} className="rounded-md border border-line bg-raised p-4 text-sm">
            <h2 className="font-medium">{subject}</h2>
            <p className="text-ink-faint text-xs">
              To {to}, {at}
            </p>
            <p className="mt-2 whitespace-pre-wrap break-words">{linked(text)}</p>
          </li>
        ))}
      </ul>
    </AccountFrame>
  );
}

function linked(text: string) {
  return text.split(/(https?:\/\/\S+)/).map((part) =>
    /^https?:/.test(part) ? (
      <a key={part} href={part} className="text-accent underline">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

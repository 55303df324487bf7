import Link from "next/link";
import { Message } from "#app/components/message-page.tsx";
import { button } from "#app/components/styles.ts";

/** What people of other roles get instead of the administration. */
export function NotForYou({ role }: { role: string }) {
  return (
    <Message title="This page is for administrators">
      <p>
        Collections are kept by your organisation’s owners, administrators and curators; you are signed in as {role}. If
        a collection lacks something or is out of date, tell one of them.
      </p>
      <p className="flex flex-wrap gap-2">
        <Link href="/" className={button.primary}>
          Ask a question
        </Link>
        <Link href="/collections" className={button.secondary}>
          See the collections
        </Link>
      </p>
    </Message>
  );
}

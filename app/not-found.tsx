import type { Metadata } from "next";
import Link from "next/link";
import { MessagePage } from "./components/message-page.tsx";
import { button } from "./components/styles.ts";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <MessagePage title="There is nothing here to show">
      <p>
        The page, conversation or document does not exist, was deleted, or belongs to another organisation. A source
        that was removed from its collection can no longer be opened either.
      </p>
      <p className="flex flex-wrap gap-2">
        <Link href="/" className={button.primary}>
          Ask a question
        </Link>
        <Link href="/collections" className={button.secondary}>
          See the collections
        </Link>
      </p>
    </MessagePage>
  );
}

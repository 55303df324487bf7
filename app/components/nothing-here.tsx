import Link from "next/link";
import { Message } from "./message-page.tsx";
import { button } from "./styles.ts";

export function NothingHere() {
  return (
    <Message title="There is nothing here to show">
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
    </Message>
  );
}

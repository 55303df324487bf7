import Link from "next/link";
import { button } from "./styles.ts";

/** Where to go from a page that has nothing for its reader. */
export function WaysOn() {
  return (
    <p className="flex flex-wrap gap-2">
      <Link href="/" className={button.primary}>
        Ask a question
      </Link>
      <Link href="/collections" className={button.secondary}>
        See the collections
      </Link>
    </p>
  );
}

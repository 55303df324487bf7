import { Message } from "./message-page.tsx";
import { WaysOn } from "./ways-on.tsx";

export function NothingHere() {
  return (
    <Message title="There is nothing here to show">
      <p>
        The page, conversation or document does not exist, was deleted, or belongs to another organisation. A source
        that was removed from its collection can no longer be opened either.
      </p>
      <WaysOn />
    </Message>
  );
}

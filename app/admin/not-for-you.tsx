import { Message } from "#app/components/message-page.tsx";
import { WaysOn } from "#app/components/ways-on.tsx";

/** What people of other roles get instead of the administration. */
export function NotForYou({ role }: { role: string }) {
  return (
    <Message title="This page is for administrators">
      <p>
        Collections are kept by your organisation’s owners, administrators and curators; you are signed in as {role}. If
        a collection lacks something or is out of date, tell one of them.
      </p>
      <WaysOn />
    </Message>
  );
}

import { Message } from "#app/components/message-page.tsx";
import { WaysOn } from "#app/components/ways-on.tsx";

/** What people of other roles get instead of the administration. */
export function NotForYou({ role }: { role: string }) {
  return (
    <Message title="This page is for administrators">
      <p>
        You are signed in as {role}, and another role is needed for it. Your organisation’s owners and administrators
        give roles; tell them too if a collection lacks something or is out of date.
      </p>
      <WaysOn />
    </Message>
  );
}

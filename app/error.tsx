"use client";

import { MessagePage } from "./components/message-page.tsx";
import { type FailureProps, PageFailure } from "./components/page-failure.tsx";

export default function PageError(props: FailureProps) {
  return (
    <MessagePage>
      <PageFailure {...props} />
    </MessagePage>
  );
}

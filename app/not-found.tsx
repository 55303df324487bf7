import type { Metadata } from "next";
import { MessagePage } from "./components/message-page.tsx";
import { NothingHere } from "./components/nothing-here.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <MessagePage>
      <NothingHere />
    </MessagePage>
  );
}

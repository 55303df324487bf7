import type { Metadata } from "next";
import { AccountFrame } from "../frame.tsx";
import { ResetForm } from "./reset-form.tsx";

export const metadata: Metadata = { title: "New password", referrer: "no-referrer", robots: { index: false } };

export default function ResetPage() {
  return (
    <AccountFrame title="New password">
      <ResetForm />
    </AccountFrame>
  );
}

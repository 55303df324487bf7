import type { Metadata } from "next";
import { AccountFrame } from "../frame.tsx";
import { VerifyForm } from "./verify-form.tsx";

export const metadata: Metadata = { title: "Confirm your address", referrer: "no-referrer", robots: { index: false } };

export default function VerifyPage() {
  return (
    <AccountFrame title="Confirm your address">
      <VerifyForm />
    </AccountFrame>
  );
}

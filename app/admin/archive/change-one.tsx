"use client";

import { useRouter } from "next/navigation";
import { send } from "#app/components/send.ts";
import { ChangeForm } from "./change-form.tsx";

export function ChangeOne({ conversationId }: { conversationId: string }) {
  const router = useRouter();
  return (
    <ChangeForm
      label="Change this conversation"
      onChange={async (change) => {
        await send("PATCH", `/api/admin/archive/${encodeURIComponent(conversationId)}`, change);
        router.refresh();
      }}
    />
  );
}

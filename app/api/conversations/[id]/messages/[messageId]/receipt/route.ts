import { getReceipt } from "#lib/receipts/index.ts";
import { handle, json } from "../../../../../handle.ts";

export const GET = handle<{ id: string; messageId: string }>(async ({ deps, viewer, params }) => {
  return json(await getReceipt(deps, viewer, params.id, params.messageId));
});

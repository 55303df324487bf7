"use client";

import { Menu } from "@base-ui/react/menu";
import { Archive, Download, Ellipsis, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "#app/components/send.ts";
import { button, menuItem } from "#app/components/styles.ts";
import { ExportItems } from "#app/conversation/export-menu.tsx";
import type { ConversationSummary } from "#lib/domain.ts";
import { ConfirmDialog, RenameDialog } from "./conversation-dialogs.tsx";
import { useConversationList } from "./conversation-list.tsx";

export function ConversationItem({ conversation, onOpen }: { conversation: ConversationSummary; onOpen?: () => void }) {
  const { refresh } = useConversationList();
  const router = useRouter();
  const address = `/c/${encodeURIComponent(conversation.id)}`;
  const path = `/api/conversations/${encodeURIComponent(conversation.id)}`;
  const current = usePathname() === address;
  const [dialog, setDialog] = useState<"rename" | "archive" | "delete" | null>(null);
  const closed = () => setDialog(null);

  async function leave(remove: () => Promise<void>) {
    await remove();
    if (current) router.push("/");
    await refresh();
  }

  return (
    <li
      className={`group/item relative flex items-center rounded-md ${current ? "bg-accent-wash" : "hover:bg-raised"}`}
    >
      <Link
        href={address}
        prefetch={false}
        onClick={onOpen}
        aria-current={current ? "page" : undefined}
        title={conversation.title}
        className={`min-w-0 flex-1 truncate py-2 pr-9 pl-2.5 text-sm leading-5 ${current ? "font-medium text-accent-strong" : "text-ink"}`}
      >
        {conversation.title}
      </Link>
      <Menu.Root modal={false}>
        <Menu.Trigger
          aria-label={`Options for ${conversation.title}`}
          className={`${button.smallIcon} absolute right-1 focus-visible:opacity-100 data-popup-open:opacity-100 pointer-fine:opacity-0 pointer-fine:group-hover/item:opacity-100`}
        >
          <Ellipsis className="size-4" aria-hidden="true" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="start" className="z-50 outline-none">
            <Menu.Popup className="popup min-w-36 p-1">
              <Menu.Item className={menuItem} onClick={() => setDialog("rename")}>
                <Pencil className="size-4" aria-hidden="true" /> Rename
              </Menu.Item>
              <Menu.SubmenuRoot>
                <Menu.SubmenuTrigger className={menuItem}>
                  <Download className="size-4" aria-hidden="true" /> Download
                </Menu.SubmenuTrigger>
                <Menu.Portal>
                  <Menu.Positioner sideOffset={4} className="z-50 outline-none">
                    <Menu.Popup className="popup min-w-44 p-1">
                      <ExportItems conversationId={conversation.id} />
                    </Menu.Popup>
                  </Menu.Positioner>
                </Menu.Portal>
              </Menu.SubmenuRoot>
              <Menu.Item className={menuItem} onClick={() => setDialog("archive")}>
                <Archive className="size-4" aria-hidden="true" /> Archive
              </Menu.Item>
              <Menu.Item className={`${menuItem} text-danger`} onClick={() => setDialog("delete")}>
                <Trash2 className="size-4" aria-hidden="true" /> Delete
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {dialog === "rename" && (
        <RenameDialog
          open
          onOpenChange={closed}
          title={conversation.title}
          onRename={async (title) => {
            await send("PATCH", path, { title });
            await refresh();
          }}
        />
      )}
      <ConfirmDialog
        open={dialog === "archive"}
        onOpenChange={closed}
        title="Archive this conversation?"
        description="It leaves this list. Nothing in it is deleted."
        confirm="Archive"
        grave={false}
        onConfirm={() => leave(() => send("PATCH", path, { archived: true }))}
      />
      <ConfirmDialog
        open={dialog === "delete"}
        onOpenChange={closed}
        title="Delete this conversation?"
        description={`“${conversation.title}” and its answers will be gone for good.`}
        confirm="Delete"
        grave
        onConfirm={() => leave(() => send("DELETE", path))}
      />
    </li>
  );
}

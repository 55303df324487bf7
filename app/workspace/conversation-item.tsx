"use client";

import { Menu } from "@base-ui/react/menu";
import { Archive, Download, Ellipsis, Pencil, Pin, PinOff, Tag, Trash2 } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button, menuItem } from "#app/components/styles.ts";
import { ExportItems } from "#app/conversation/export-menu.tsx";
import type { ConversationSummary } from "#lib/domain.ts";
import { ConfirmDialog, RenameDialog } from "./conversation-dialogs.tsx";
import { useConversationList } from "./conversation-list.tsx";
import { ConversationMarks } from "./conversation-marks.tsx";
import { LabelsDialog } from "./labels-dialog.tsx";

export function ConversationItem({ conversation, onOpen }: { conversation: ConversationSummary; onOpen?: () => void }) {
  const { refresh, labels: knownLabels } = useConversationList();
  const router = useRouter();
  const address = `/c/${encodeURIComponent(conversation.id)}`;
  const path = `/api/conversations/${encodeURIComponent(conversation.id)}`;
  const current = usePathname() === address;
  const [dialog, setDialog] = useState<"rename" | "labels" | "archive" | "delete" | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const closed = () => setDialog(null);

  const { pinned, labels, role } = conversation;

  async function pin() {
    setProblem(null);
    try {
      await send(pinned ? "DELETE" : "PUT", `${path}/pin`);
      await refresh();
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

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
        className={`grid min-w-0 flex-1 py-2 pr-9 pl-2.5 text-sm leading-5 ${current ? "font-medium text-accent-strong" : "text-ink"}`}
      >
        <span className="flex min-w-0 items-center gap-1.5">
          <span className="min-w-0 flex-1 truncate">{conversation.title}</span>
          <ConversationMarks conversation={conversation} isOpen={current} />
        </span>
        {labels.length > 0 && <span className="truncate font-normal text-ink-faint text-xs">{labels.join(" · ")}</span>}
        {problem && (
          <span role="alert" className="font-normal text-danger text-xs">
            {problem}
          </span>
        )}
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
              <Menu.Item className={menuItem} onClick={() => void pin()}>
                {pinned ? (
                  <PinOff className="size-4" aria-hidden="true" />
                ) : (
                  <Pin className="size-4" aria-hidden="true" />
                )}
                {pinned ? "Unpin" : "Pin"}
              </Menu.Item>
              <Menu.Item className={menuItem} onClick={() => setDialog("labels")}>
                <Tag className="size-4" aria-hidden="true" /> Labels
              </Menu.Item>
              {role !== "reader" && (
                <Menu.Item className={menuItem} onClick={() => setDialog("rename")}>
                  <Pencil className="size-4" aria-hidden="true" /> Rename
                </Menu.Item>
              )}
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
              {role === "owner" && (
                <Menu.Item className={`${menuItem} text-danger`} onClick={() => setDialog("delete")}>
                  <Trash2 className="size-4" aria-hidden="true" /> Delete
                </Menu.Item>
              )}
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
      {dialog === "labels" && (
        <LabelsDialog
          labels={labels}
          known={knownLabels}
          onClose={closed}
          onSave={async (chosen) => {
            await send("PUT", `${path}/labels`, { labels: chosen });
            await refresh();
          }}
        />
      )}
      <ConfirmDialog
        open={dialog === "archive"}
        onOpenChange={closed}
        title="Archive this conversation?"
        description="It leaves your list and is found under Archived and by searching. For others in it nothing changes."
        confirm="Archive"
        grave={false}
        onConfirm={() => leave(() => send("PATCH", path, { archived: true }))}
      />
      <ConfirmDialog
        open={dialog === "delete"}
        onOpenChange={closed}
        title="Delete this conversation?"
        description={`“${conversation.title}” goes to your trash${conversation.shared ? ", for everybody in it" : ""}. You can restore it from there until it is removed for good.`}
        confirm="Delete"
        grave
        onConfirm={() => leave(() => send("DELETE", path))}
      />
    </li>
  );
}

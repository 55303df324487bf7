"use client";

import { Menu } from "@base-ui/react/menu";
import { BookOpenText, DatabaseZap, LogOut, SquarePen, UserRound } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button, menuItem } from "#app/components/styles.ts";
import { ThemeMenu } from "#app/components/theme-menu.tsx";
import { ConversationItem } from "./conversation-item.tsx";
import { useConversationList } from "./conversation-list.tsx";

export interface Reader {
  name: string;
  email: string;
  /** Keeps the collections: sees the way to their administration. */
  isCurator: boolean;
}

/** What stands in the side column and, on a narrow screen, in the sheet. `onOpen` runs when a link is followed. */
export function Sidebar({ reader, onOpen }: { reader: Reader; onOpen?: () => void }) {
  const { conversations, next, more, problem } = useConversationList();
  const pathname = usePathname();
  const row = "flex h-9 items-center gap-2.5 rounded-md px-2.5 font-medium text-sm hover:bg-raised";
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="grid gap-0.5 px-2.5 pb-2">
        <Link href="/" onClick={onOpen} className={row} aria-current={pathname === "/" ? "page" : undefined}>
          <SquarePen className="size-4 text-accent" aria-hidden="true" />
          New chat
        </Link>
        <Link
          href="/collections"
          onClick={onOpen}
          className={row}
          aria-current={pathname === "/collections" ? "page" : undefined}
        >
          <BookOpenText className="size-4 text-accent" aria-hidden="true" />
          Collections
        </Link>
        {reader.isCurator && (
          <Link
            href="/admin"
            onClick={onOpen}
            className={row}
            aria-current={pathname === "/admin" || pathname.startsWith("/admin/") ? "page" : undefined}
          >
            <DatabaseZap className="size-4 text-accent" aria-hidden="true" />
            Administration
          </Link>
        )}
      </div>
      <nav aria-label="Conversations" className="min-h-0 flex-1 overflow-y-auto px-2.5 pt-2 pb-4">
        <h2 className="label-caps px-2.5 pb-1">Conversations</h2>
        {conversations.length === 0 && <p className="px-2.5 py-1 text-ink-faint text-sm">None yet.</p>}
        <ul className="grid grid-cols-1 gap-px">
          {conversations.map((conversation) => (
            <ConversationItem key={conversation.id} conversation={conversation} onOpen={onOpen} />
          ))}
        </ul>
        {next !== null && (
          <button type="button" className={`${button.quiet} mt-1`} onClick={() => void more()}>
            Older conversations
          </button>
        )}
        {problem && (
          <p role="alert" className="px-2.5 pt-2 text-danger text-xs">
            {problem}
          </p>
        )}
      </nav>
      <div className="flex items-center gap-1 border-line border-t p-2">
        <AccountMenu reader={reader} />
        <ThemeMenu />
      </div>
    </div>
  );
}

function AccountMenu({ reader }: { reader: Reader }) {
  const [problem, setProblem] = useState<string | null>(null);
  async function signOut() {
    try {
      await send("POST", "/api/auth/sign-out", {});
      window.location.assign("/sign-in");
    } catch (error) {
      setProblem(messageOf(error));
    }
  }
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        className="flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-md px-2 text-left text-sm hover:bg-raised"
        aria-label={`Account of ${reader.name}`}
      >
        <UserRound className="size-4 shrink-0 text-ink-faint" aria-hidden="true" />
        <span className="truncate">{problem ?? reader.name}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="start" className="z-50 outline-none">
          <Menu.Popup className="popup min-w-52 p-1">
            <p className="truncate px-2.5 py-1.5 text-ink-faint text-xs">{reader.email}</p>
            <Menu.Item className={menuItem} onClick={signOut}>
              <LogOut className="size-4" aria-hidden="true" /> Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

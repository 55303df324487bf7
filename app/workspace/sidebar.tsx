"use client";

import { Menu } from "@base-ui/react/menu";
import {
  Archive,
  BookOpenText,
  DatabaseZap,
  LogOut,
  Search,
  ShieldCheck,
  SquarePen,
  Trash2,
  UserRound,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { adminPages } from "#app/admin/pages.ts";
import { messageOf, send } from "#app/components/send.ts";
import { button, menuItem } from "#app/components/styles.ts";
import { ThemeMenu } from "#app/components/theme-menu.tsx";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { type ChoosableTenant, TenantChoice } from "#app/tenants/tenant-choice.tsx";
import { may } from "#lib/auth/permissions.ts";
import type { ConversationSummary } from "#lib/domain.ts";
import { ConversationItem } from "./conversation-item.tsx";
import { useConversationList } from "./conversation-list.tsx";
import { LabelFilter } from "./label-filter.tsx";
import { useSearchPalette } from "./search/palette.tsx";

export interface Reader {
  name: string;
  email: string;
  role: string;
  /** The organisations they may act in. */
  tenants: ChoosableTenant[];
  /** They sign in with a password that Probatum made. */
  passwordGenerated: boolean;
}

/** What stands in the side column and, on a narrow screen, in the sheet. `onOpen` runs when a link is followed. */
export function Sidebar({ reader, onOpen }: { reader: Reader; onOpen?: () => void }) {
  const { conversations, next, more, label, problem } = useConversationList();
  const pinned = conversations.filter((conversation) => conversation.pinned);
  const others = conversations.filter((conversation) => !conversation.pinned);
  const pathname = usePathname();
  const administration = adminPages.find(({ permission }) => may(reader, permission));
  const row = "flex h-9 items-center gap-2.5 rounded-md px-2.5 font-medium text-sm hover:bg-raised";
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="grid gap-0.5 px-2.5 pb-2">
        <Link href="/" onClick={onOpen} className={row} aria-current={pathname === "/" ? "page" : undefined}>
          <SquarePen className="size-4 text-accent" aria-hidden="true" />
          New chat
        </Link>
        <SearchButton className={row} onOpen={onOpen} />
        <Link
          href="/collections"
          onClick={onOpen}
          className={row}
          aria-current={pathname === "/collections" ? "page" : undefined}
        >
          <BookOpenText className="size-4 text-accent" aria-hidden="true" />
          Collections
        </Link>
        {administration && (
          <Link
            href={administration.href}
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
        <LabelFilter />
        {pinned.length > 0 && <ItemList title="Pinned" conversations={pinned} onOpen={onOpen} />}
        <ItemList title="Conversations" conversations={others} onOpen={onOpen} />
        {conversations.length === 0 && (
          <p className="px-2.5 py-1 text-ink-faint text-sm">
            {label === null ? "None yet." : "None under this label."}
          </p>
        )}
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
        <ul className="mt-3 flex gap-1 border-line border-t pt-2">
          {putAway.map(({ address, name, Icon }) => (
            <li key={address}>
              <Link
                href={address}
                prefetch={false}
                onClick={onOpen}
                aria-current={pathname === address ? "page" : undefined}
                className={button.quiet}
              >
                <Icon className="size-4" aria-hidden="true" /> {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex items-center gap-1 border-line border-t p-2">
        <AccountMenu reader={reader} />
        <ThemeMenu />
      </div>
    </div>
  );
}

const putAway = [
  { address: "/archive", name: "Archived", Icon: Archive },
  { address: "/trash", name: "Trash", Icon: Trash2 },
];

function SearchButton({ className, onOpen }: { className: string; onOpen?: (() => void) | undefined }) {
  const { open } = useSearchPalette();
  const isReady = useHydrated();
  const isMac = isReady && /mac|iphone|ipad/i.test(navigator.platform);
  return (
    <button
      type="button"
      className={className}
      aria-keyshortcuts="Control+K Meta+K"
      disabled={!isReady}
      onClick={() => {
        onOpen?.();
        open();
      }}
    >
      <Search className="size-4 text-accent" aria-hidden="true" />
      Search
      {isReady && (
        <span
          aria-hidden="true"
          className="ml-auto rounded border border-line px-1.5 font-normal text-ink-faint text-xs"
        >
          {isMac ? "⌘K" : "Ctrl K"}
        </span>
      )}
    </button>
  );
}

interface ItemListProps {
  title: string;
  conversations: ConversationSummary[];
  onOpen?: (() => void) | undefined;
}

function ItemList({ title, conversations, onOpen }: ItemListProps) {
  return (
    <section aria-label={title} className="pb-2">
      <h2 className="label-caps px-2.5 pb-1">{title}</h2>
      <ul className="grid grid-cols-1 gap-px">
        {conversations.map((conversation) => (
          <ConversationItem key={conversation.id} conversation={conversation} onOpen={onOpen} />
        ))}
      </ul>
    </section>
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
            <TenantChoice tenants={reader.tenants} onProblem={setProblem} />
            <Menu.LinkItem className={menuItem} href="/account">
              <ShieldCheck className="size-4" aria-hidden="true" />
              {reader.passwordGenerated ? "Choose your own password" : "Your account"}
            </Menu.LinkItem>
            <Menu.Item className={menuItem} onClick={signOut}>
              <LogOut className="size-4" aria-hidden="true" /> Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

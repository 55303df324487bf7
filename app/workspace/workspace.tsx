"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Menu as MenuIcon, X } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { button, dialogBackdrop } from "#app/components/styles.ts";
import { Wordmark } from "#app/components/wordmark.tsx";
import { ConversationListProvider, type ConversationPage } from "./conversation-list.tsx";
import { SearchProvider } from "./search/palette.tsx";
import { type Reader, Sidebar } from "./sidebar.tsx";

export interface WorkspaceProps {
  reader: Reader;
  conversations: ConversationPage;
  children: ReactNode;
}

/** The frame of the signed-in pages: a side column that becomes a sheet on a narrow screen, and the page. */
export function Workspace({ reader, conversations, children }: WorkspaceProps) {
  return (
    <ConversationListProvider initial={conversations}>
      <SearchProvider>
        <div className="grid min-h-dvh grid-rows-[auto_1fr] lg:grid-cols-[17rem_1fr] lg:grid-rows-1">
          <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-line border-b bg-paper px-3 lg:hidden">
            <Sheet reader={reader} />
            <Link href="/" aria-label="Probatum, home" className="flex rounded">
              <Wordmark />
            </Link>
          </header>
          <aside
            aria-label="Sidebar"
            className="sticky top-0 hidden h-dvh flex-col border-line border-r bg-panel lg:flex"
          >
            <Link href="/" aria-label="Probatum, home" className="m-3 mt-4 w-fit rounded px-1.5">
              <Wordmark />
            </Link>
            <Sidebar reader={reader} />
          </aside>
          <main id="main" tabIndex={-1} className="min-w-0 outline-none">
            {children}
          </main>
        </div>
      </SearchProvider>
    </ConversationListProvider>
  );
}

function Sheet({ reader }: { reader: Reader }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={button.icon} aria-label="Open the sidebar">
        <MenuIcon className="size-5" aria-hidden="true" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-50 flex w-[min(19rem,86vw)] flex-col border-line border-r bg-panel shadow-card transition-transform duration-200 data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
          <div className="flex items-center justify-between p-3">
            <Dialog.Title className="flex pl-1.5">
              <Wordmark />
            </Dialog.Title>
            <Dialog.Close className={button.icon} aria-label="Close the sidebar">
              <X className="size-5" aria-hidden="true" />
            </Dialog.Close>
          </div>
          <Sidebar reader={reader} onOpen={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

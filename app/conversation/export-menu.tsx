"use client";

import { Menu } from "@base-ui/react/menu";
import { Download } from "lucide-react";
import { button, menuItem } from "#app/components/styles.ts";
import { exportAddress, exportChoices } from "./export-address.ts";

/** An answer with its question and references as a file, or its sources alone. */
export function ExportMenu({ conversationId, answerId }: { conversationId: string; answerId: string }) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={button.quiet}>
        <Download className="size-4" aria-hidden="true" />
        Download
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Menu.Popup className="popup min-w-44 p-1">
            <ExportItems conversationId={conversationId} answerId={answerId} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The forms as items of a menu; without an answer they are of the whole conversation. */
export function ExportItems({ conversationId, answerId }: { conversationId: string; answerId?: string }) {
  return exportChoices.map(({ heading, forms }) => (
    <Menu.Group key={heading}>
      <Menu.GroupLabel className="label-caps px-2.5 pt-2 pb-1">{heading}</Menu.GroupLabel>
      {forms.map(({ format, label }) => (
        <Menu.Item
          key={format}
          className={menuItem}
          render={<a href={exportAddress(conversationId, format, answerId)} download />}
        >
          {label}
        </Menu.Item>
      ))}
    </Menu.Group>
  ));
}

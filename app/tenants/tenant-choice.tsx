"use client";

import { Menu } from "@base-ui/react/menu";
import { Building2, Check } from "lucide-react";
import { messageOf, send } from "#app/components/send.ts";
import { menuItem } from "#app/components/styles.ts";

export interface ChoosableTenant {
  id: string;
  name: string;
  isCurrent: boolean;
}

/** The organisations one belongs to, to act in another; nothing for whoever belongs to one. */
export function TenantChoice({
  tenants,
  onProblem,
}: {
  tenants: ChoosableTenant[];
  onProblem: (problem: string) => void;
}) {
  if (tenants.length < 2) return null;
  async function choose(tenantId: string) {
    try {
      await send("POST", "/api/tenants", { tenantId });
      // A whole new page, so that nothing of the other organisation stays in memory.
      window.location.assign("/");
    } catch (error) {
      onProblem(messageOf(error));
    }
  }
  return (
    <Menu.Group>
      <Menu.GroupLabel className="label-caps px-2.5 pt-1.5">Organisation</Menu.GroupLabel>
      {tenants.map(({ id, name, isCurrent }) => (
        <Menu.Item
          key={id}
          className={menuItem}
          aria-current={isCurrent ? "true" : undefined}
          onClick={() => (isCurrent ? undefined : void choose(id))}
        >
          {isCurrent ? (
            <Check className="size-4 text-accent" aria-hidden="true" />
          ) : (
            <Building2 className="size-4" aria-hidden="true" />
          )}
          <span className="truncate">{name}</span>
        </Menu.Item>
      ))}
    </Menu.Group>
  );
}

"use client";

import { Menu } from "@base-ui/react/menu";
import { Check, Monitor, Moon, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { button, menuItem } from "./styles.ts";
import { cookieOf, readTheme, type Theme, themes } from "./theme.ts";

const names: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };
const icons = { system: Monitor, light: Sun, dark: Moon };

export function ThemeMenu() {
  const [theme, setTheme] = useState<Theme>("system");
  useEffect(() => setTheme(readTheme(document.documentElement.dataset.theme)), []);

  function choose(next: Theme) {
    setTheme(next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing outside secure contexts.
    document.cookie = cookieOf(next, window.location.protocol === "https:");
  }

  const Icon = icons[theme];
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={button.icon} aria-label="Theme">
        <Icon className="size-4.5" aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-50 outline-none">
          <Menu.Popup className="popup min-w-44 p-1">
            <Menu.RadioGroup value={theme} onValueChange={choose}>
              {themes.map((name) => {
                const ItemIcon = icons[name];
                return (
                  <Menu.RadioItem key={name} value={name} className={menuItem} closeOnClick>
                    <ItemIcon className="size-4" aria-hidden="true" />
                    {names[name]}
                    <Menu.RadioItemIndicator className="ml-auto">
                      <Check className="size-4" aria-hidden="true" />
                    </Menu.RadioItemIndicator>
                  </Menu.RadioItem>
                );
              })}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

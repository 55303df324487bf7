import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { keptTheme } from "./components/theme.ts";
import { fontVariables } from "./fonts.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Probatum", template: "%s · Probatum" },
  description: "Answers to clinical questions in which every sentence opens its source.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fcfdfd" },
    { media: "(prefers-color-scheme: dark)", color: "#101617" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = keptTheme(await cookies());
  return (
    <html
      lang="en"
      className={fontVariables}
      data-theme={theme === "system" ? undefined : theme}
      suppressHydrationWarning
    >
      <body>
        <a
          href="#main"
          className="-top-20 absolute left-3 z-50 rounded-md bg-accent px-3 py-2 font-medium text-on-accent text-sm focus:top-3"
        >
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  );
}

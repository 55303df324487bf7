import { expect, test } from "vitest";
import { cookieOf, keptTheme } from "./theme.ts";

const jar = (kept: Record<string, string>) => ({
  get: (name: string) => (kept[name] === undefined ? undefined : { value: kept[name] }),
});

test("behind TLS the cookie of the colour theme is Secure and this host's alone", () => {
  expect(cookieOf("dark", true)).toBe("__Host-theme=dark; path=/; max-age=31536000; samesite=lax; secure");
  expect(cookieOf("dark", false)).toBe("theme=dark; path=/; max-age=31536000; samesite=lax");
  expect(cookieOf("system", true)).toContain("max-age=0");
});

test("the theme is read from this host's own cookie first, and is one of three whatever it says", () => {
  expect(keptTheme(jar({ theme: "light", "__Host-theme": "dark" }))).toBe("dark");
  expect(keptTheme(jar({ theme: "light" }))).toBe("light");
  expect(keptTheme(jar({ theme: "<script>" }))).toBe("system");
  expect(keptTheme(jar({}))).toBe("system");
});

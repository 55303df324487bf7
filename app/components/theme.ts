export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** The cookie the server reads, so that the first byte of a page already has the right colours. */
const themeCookie = { secure: "__Host-theme", plain: "theme" } as const;
const yearSeconds = 60 * 60 * 24 * 365;

export function readTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** What the browser has kept. Where the site is reached by TLS no name below or beside this host can have set it. */
export function keptTheme(cookies: { get(name: string): { value: string } | undefined }): Theme {
  return readTheme((cookies.get(themeCookie.secure) ?? cookies.get(themeCookie.plain))?.value);
}

/** The cookie that keeps a theme for a year, as a page writes it: behind TLS this host's alone. */
export function cookieOf(theme: Theme, isSecure: boolean): string {
  const lifetime = theme === "system" ? 0 : yearSeconds;
  const name = isSecure ? themeCookie.secure : themeCookie.plain;
  return `${name}=${theme}; path=/; max-age=${lifetime}; samesite=lax${isSecure ? "; secure" : ""}`;
}

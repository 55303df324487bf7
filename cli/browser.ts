import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
];

/** The path of a Chromium to test with: the one of CHROME_PATH, an installed one, or Playwright's own. */
export function findBrowser(): string | undefined {
  return [process.env.CHROME_PATH, ...installed, chromium.executablePath()].find((path) => path && existsSync(path));
}

/**
 * Makes sure there is a browser: an installed one, else Playwright's own download, else Debian's package (as root).
 * @throws Error saying what to install
 */
export function ensureBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  spawnSync(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"], {
    stdio: ["ignore", 2, 2],
  });
  if (!findBrowser() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const options = {
      stdio: ["ignore", 2, 2] as ["ignore", number, number],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    execFileSync("apt-get", ["update", "-qq"], options);
    execFileSync(
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
      options,
    );
  }
  const now = findBrowser();
  if (now) return now;
  throw new Error(
    "The browser tests need Chromium. Install it (Debian: apt-get install chromium; macOS and Windows: Google Chrome), " +
      "or set CHROME_PATH to one.",
  );
}

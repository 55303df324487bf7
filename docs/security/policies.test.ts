import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freeFailures } from "#lib/auth/lockout.ts";
import { passwordLength } from "#lib/auth/password-policy.ts";
import { readEnv } from "#lib/env.ts";
import { limitKinds } from "#lib/limits/kinds.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const documents = ["data", "keys", "rules", "running", "signing-in"].map((name) => `docs/security/${name}.md`);
const env = readEnv({});

describe.each(documents)("%s", (path) => {
  const document = read(path);

  test("names files and variables that there are", () => {
    for (const [, file = ""] of document.matchAll(/`((?:app|cli|db|ingest|lib)\/[\w./-]+)`/g))
      expect(existsSync(join(root, file)), file).toBe(true);
    const source = read("lib/env.ts");
    for (const [, name = ""] of document.matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)`/g))
      expect(source, name).toContain(name.replace(/_FILE$/, ""));
  });

  test("is linked from SECURITY.md and OPERATIONS.md", () => {
    for (const from of ["SECURITY.md", "OPERATIONS.md"]) expect(read(from)).toContain(`](${path}`);
  });
});

test("the limits that are written down are those that hold", () => {
  const rules = read("docs/security/rules.md");
  for (const { policy, seconds, points } of Object.values(limitKinds)) {
    const row = new RegExp(
      `^\\| (?:${policy}|${policy}, of a network address|${policy} of any kind) \\| (.+?) \\|`,
      "m",
    );
    expect(row.exec(rules)?.[1], policy).toBe(`${points(env)} in ${seconds} s`);
  }
  expect(rules).toContain(`| answers at once | ${env.ANSWERS_PER_USER} |`);
  expect(rules).toContain(`| event streams at once | ${env.STREAMS_PER_USER} |`);
});

test("passwords, failures and ends of sessions are as they are written down", () => {
  const signingIn = read("docs/security/signing-in.md");
  const [, words = ""] = /ownWords = \[(.+?)\]/.exec(read("lib/auth/password-policy.ts")) ?? [];
  expect(signingIn).toContain(`**${words.replaceAll('"', "")}**`);
  expect(signingIn).toContain(`\n${passwordLength.least} to ${passwordLength.most} characters`);
  expect(signingIn).toContain(`| wrong passwords for an account, whether it exists or not | ${freeFailures.account} |`);
  expect(signingIn).toContain(`| failures of any kind from a network address | ${freeFailures.address} |`);
  expect(signingIn).toContain(`| idle end | ${env.SESSION_IDLE_MINUTES} minutes |`);
  expect(signingIn).toContain(`| absolute end | ${env.SESSION_ABSOLUTE_HOURS} hours |`);
});

test("every action that the audit log may hold is in its inventory", () => {
  const files = globSync("{lib,db,ingest,cli}/**/*.ts", { cwd: root }).filter((file) => !/test|contract/.test(file));
  const said = new Set(
    files
      .map(read)
      .flatMap((source) => [
        ...[...source.matchAll(/\baction: "([a-z.-]+)",\s*subjectType/g)].map(([, action = ""]) => action),
        ...[...source.matchAll(/insertConversationAudit\(\s*[\w.]+,\s*\w+,\s*[\w.]+,\s*"([a-z.-]+)"/g)].map(
          ([, action = ""]) => `conversation.${action}`,
        ),
        ...[...source.matchAll(/(?:recordChange|recordFactor|request|entry)\([^;]*?"([a-z-]+\.[a-z.-]+)"/g)].map(
          ([, action = ""]) => action,
        ),
      ]),
  );
  expect(said.size).toBeGreaterThan(30);
  const [, inventory = ""] = read("docs/security/running.md").split(
    /^### Actions of the audit log$|^## Dependencies$/m,
  );
  for (const action of said) expect(inventory, action).toContain(`\`${action}\``);
});

test("every package is locked by its hash, and linked from nowhere of its own", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Record<string, unknown>> };
  for (const [name, { integrity, resolved }] of Object.entries(packages)) {
    if (name === "") continue;
    expect(integrity, name).toMatch(/^sha512-/);
    expect(resolved, name).toBeUndefined();
  }
});

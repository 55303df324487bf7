import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withoutSecrets } from "./log-redaction.ts";

const secret = "hunter2-hunter2";

/** What a process writes to standard error when it logs. */
function logged(code: string): string {
  const script = `import { log } from ${JSON.stringify(join(import.meta.dirname, "log.ts"))}; ${code}`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return stderr;
}

test("secrets are in no line of the log: by field, in headers, in addresses, in errors and their causes", () => {
  const s = JSON.stringify(secret);
  const lines = logged(`
    log.info({ password: ${s}, deep: { list: [{ apiKey: ${s}, "set-cookie": [${s}] }] } }, "fields");
    log.info({ headers: new Headers({ authorization: ${s}, cookie: "probatum.session_token=" + ${s} }) }, "headers");
    log.info({ env: { AUTH_SECRET: ${s}, S3_SECRET_ACCESS_KEY: ${s}, OPENAI_API_KEY: ${s}, DATABASE_URL: "postgres://app:" + ${s} + "@db/app" } }, "environment");
    log.warn("connecting to redis://:" + ${s} + "@cache:6379");
    log.error({ err: new Error("Bearer " + ${s} + " was refused", { cause: new Error("postgres://u:" + ${s} + "@h/d") }) }, "failed");
    log.error(new Error("token=" + ${s}));
    const error = Object.assign(new Error("x"), { config: { headers: { Authorization: ${s} } }, sessionToken: ${s} });
    log.error({ err: error }, "with fields");
  `);
  expect(lines.trim().split("\n")).toHaveLength(7);
  expect(lines).not.toContain(secret);
  for (const kept of ["fields", "headers", "environment", "cache:6379", "was refused", "@h/d", "@db/app"]) {
    expect(lines).toContain(kept);
  }
});

test("what is no secret is kept as it is", () => {
  const kept = {
    tokens: 5,
    inputTokens: 7,
    hasPassword: true,
    model: "gpt",
    messageId: "0b1c",
    at: new Date(0),
    url: "https://example.org/a?b=c",
    none: null,
    words: "The token bucket and the password page",
  };
  expect(withoutSecrets(kept)).toEqual(kept);
});

test("circles and depths end", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(JSON.stringify(withoutSecrets(circle))).toContain("[too deep]");
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readEnv } from "./env.ts";

test("nothing needs to be set", () => {
  const env = readEnv({ PROBATUM_ROOT: "/srv/app" });
  expect(env).toMatchObject({
    PORT: 3000,
    dataDirectory: "/srv/app/.data",
    modelsDirectory: "/srv/app/models",
    CACHE_TTL_SECONDS: 3600,
    RATE_LIMIT_PER_MINUTE: 60,
  });
  expect(env.DATABASE_URL).toBeUndefined();
});

test("a variable that is set empty is not set", () => {
  const empty = Object.fromEntries(
    [
      "PORT",
      "CACHE_TTL_SECONDS",
      "RATE_LIMIT_PER_MINUTE",
      "DATABASE_URL",
      "REDIS_URL",
      "NODE_ENV",
      "HOST",
      "DATA_DIR",
    ].map((name) => [name, " "]),
  );
  expect(readEnv(empty)).toEqual(readEnv({}));
});

test("an absolute folder stays as it is", () => {
  expect(readEnv({ DATA_DIR: "/data", PROBATUM_ROOT: "/srv/app" }).dataDirectory).toBe("/data");
});

describe("a bad variable is named with what is expected", () => {
  test.each([
    ["PORT", "http"],
    ["PORT", "70000"],
    ["DATABASE_POOL", "0"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["DATABASE_URL", "localhost"],
    ["REDIS_URL", "http://localhost"],
    ["S3_ENDPOINT", "localhost:9000"],
    ["OPENAI_BASE_URL", "localhost"],
    ["AUTH_SECRET", "short"],
    ["CACHE_TTL_SECONDS", "-1"],
    ["RATE_LIMIT_PER_MINUTE", "0"],
    ["LOG_LEVEL", "loud"],
    ["NODE_ENV", "staging"],
  ])("%s=%s", (name, value) => {
    expect(() => readEnv({ [name]: value })).toThrow(new RegExp(`^The environment is not usable:\n  ${name}: \\S+ .*`));
  });

  test("all of them at once, without their values, which may be secrets", () => {
    const read = () => readEnv({ AUTH_SECRET: "hunter2", DATABASE_URL: "mysql://u:hunter3@h/x", PORT: "x" });
    expect(read).toThrow(/AUTH_SECRET[\s\S]*|DATABASE_URL[\s\S]*|PORT/);
    for (const name of ["AUTH_SECRET", "DATABASE_URL", "PORT"]) expect(read).toThrow(name);
    expect(read).not.toThrow(/hunter/);
  });
});

describe("a variable may stand in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "probatum-env-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string) => {
    const path = join(folder, String(text.length));
    writeFileSync(path, text);
    return path;
  };
  const secret = "a secret of more than thirty-two characters";

  test.each([
    ["AUTH_SECRET", secret],
    ["OPENAI_API_KEY", "sk-file"],
    ["DATABASE_URL", "postgres://user:word@db/app"],
    ["REDIS_URL", "redis://:word@cache"],
    ["S3_SECRET_ACCESS_KEY", "s3-secret"],
    ["SMTP_URL", "smtp://user:word@mail"],
  ])("%s", (name, value) => {
    const read = readEnv({ [`${name}_FILE`]: file(`${value}\n`) }) as unknown as Record<string, string>;
    expect(read[name]).toBe(value);
  });

  test("what is in it is checked as well, and never told", () => {
    const read = () => readEnv({ AUTH_SECRET_FILE: file("hunter2") });
    expect(read).toThrow(/AUTH_SECRET: at least 32/);
    expect(read).not.toThrow(/hunter/);
  });

  test("not both, and not a file that is not there", () => {
    expect(() => readEnv({ AUTH_SECRET: secret, AUTH_SECRET_FILE: file(secret) })).toThrow(/AUTH_SECRET_FILE/);
    expect(() => readEnv({ AUTH_SECRET_FILE: join(folder, "none") })).toThrow(/AUTH_SECRET_FILE: .*ENOENT/);
  });
});

import { describe, expect, test } from "vitest";
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

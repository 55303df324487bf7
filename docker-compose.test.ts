import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type JSONSchemaType } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ingestFlags } from "./cli/ingest-flags.mjs";

const root = import.meta.dirname;
const read = (name: string) => readFileSync(join(root, name), "utf8");

type Service = {
  image?: string;
  build?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean; interval?: string; timeout?: string; retries?: number };
  deploy?: { replicas?: number; resources?: { limits?: { memory?: string } } };
};
type Compose = { name: string; services: Record<string, Service>; volumes?: Record<string, null> };

/**
 * What these files use of the compose specification (https://github.com/compose-spec/compose-spec, 05-services.md),
 * in our own words and stricter: one spelling of each thing, and no attribute that is not named here.
 */
const texts = { type: "array", items: { type: "string" } } as const;
const duration = { type: "string", pattern: "^[0-9]+(s|m)$" } as const;
const memory = { type: "string", pattern: "^[0-9]+(m|g|mb|gb)$" } as const;
const closed = <Properties extends object>(properties: Properties) => ({
  type: "object",
  properties,
  additionalProperties: false,
});
const resources = closed({ memory, cpus: { type: "string" } });
const service = {
  ...closed({
    image: { type: "string", pattern: "^(\\$\\{.+\\}|[a-z0-9./-]+:[A-Za-z0-9.-]+)$" },
    build: { type: "string" },
    init: { type: "boolean" },
    restart: { enum: ["no", "always", "on-failure", "unless-stopped"] },
    stop_grace_period: duration,
    shm_size: memory,
    profiles: texts,
    command: texts,
    entrypoint: texts,
    environment: { type: "object", additionalProperties: { type: "string" } },
    ports: { type: "array", items: { type: "string", pattern: ":[0-9]+$" } },
    volumes: { type: "array", items: { type: "string", pattern: ":/" } },
    depends_on: {
      type: "object",
      additionalProperties: {
        ...closed({ condition: { enum: ["service_started", "service_healthy", "service_completed_successfully"] } }),
        required: ["condition"],
      },
    },
    healthcheck: closed({
      test: texts,
      interval: duration,
      timeout: duration,
      start_period: duration,
      retries: { type: "integer", minimum: 1 },
      disable: { type: "boolean" },
    }),
    deploy: closed({
      replicas: { type: "integer", minimum: 1 },
      resources: closed({ limits: resources, reservations: resources }),
      update_config: closed({
        parallelism: { type: "integer" },
        order: { enum: ["start-first", "stop-first"] },
      }),
    }),
  }),
  anyOf: [{ required: ["image"] }, { required: ["build"] }],
};
const schema = {
  ...closed({
    name: { type: "string", pattern: "^[a-z0-9][a-z0-9_-]*$" },
    services: { type: "object", additionalProperties: service },
    volumes: { type: "object", additionalProperties: { type: "null" } },
  }),
  patternProperties: { "^x-": {} },
  required: ["name", "services"],
} as unknown as JSONSchemaType<Compose>;

function open(file: string): Compose {
  const document: unknown = parse(read(file));
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  if (!validate(document)) throw new Error(`${file}: ${JSON.stringify(validate.errors, null, 1)}`);
  return document;
}

/** Compose's interpolation of `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
function interpolate(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = "") => {
    const value = environment[name];
    if (value) return value;
    if (kind === "-") return rest;
    throw new Error(`required variable ${name} is missing a value: ${rest}`);
  });
}

function requiredVariables(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{(\w+):\?[^}]+\}/g)].map((match) => match[1] ?? ""))].sort();
}

/** Names the application reads, from the schema of its environment. */
const knownVariables = new Set([...read("lib/env.ts").matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map((match) => match[1]));

describe.each(["docker-compose.dev.yml", "docker-compose.prod.yml"])("%s", (file) => {
  const compose = open(file);
  const services = Object.entries(compose.services);

  test("pins every image to a version", () => {
    for (const [name, { image }] of services)
      if (image && !image.includes("${")) expect(image, name).toMatch(/:(?!latest$).+$/);
  });

  test("gives every service a health check, or says that it has none and why it ends", () => {
    for (const [name, { healthcheck }] of services.filter(([name]) => name !== "bucket")) {
      const isChecked = healthcheck?.test?.[0] === "CMD" && healthcheck.interval && healthcheck.retries;
      expect(Boolean(isChecked || healthcheck?.disable), name).toBe(true);
    }
  });

  test("depends only on services it has, and waits for health only where there is a check", () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(Object.keys(compose.services), name).toContain(other);
        if (condition === "service_healthy") expect(compose.services[other]?.healthcheck?.test, other).toBeDefined();
      }
  });

  test("mounts only volumes it declares, or folders", () => {
    for (const [name, { volumes = [] }] of services)
      for (const source of volumes.map((volume) => volume.replace(/\$\{[^}]*:-(.*?)\}/, "$1").split(":")[0] ?? ""))
        if (!/^[./]/.test(source)) expect(Object.keys(compose.volumes ?? {}), name).toContain(source);
  });

  test("sets only variables that the application reads", () => {
    expect(knownVariables.size).toBeGreaterThan(10);
    for (const name of ["app", "worker"])
      for (const variable of Object.keys(compose.services[name]?.environment ?? {}))
        if (variable !== "NODE_OPTIONS") expect([...knownVariables]).toContain(variable);
  });
});

describe("the development services", () => {
  const { services } = open("docker-compose.dev.yml");

  test("are the application, Postgres with pgvector, Redis, and MinIO with its bucket", () => {
    expect(Object.keys(services).sort()).toEqual(["app", "bucket", "minio", "postgres", "redis"]);
    const version = /^pgvector\/pgvector:(\d+)\.(\d+)\.(\d+)-pg(\d+)$/.exec(services.postgres?.image ?? "");
    const [, major = 0, minor = 0, patch = 0, postgres = 0] = (version ?? []).map(Number);
    expect(major * 10_000 + minor * 100 + patch).toBeGreaterThanOrEqual(804);
    expect(postgres).toBeGreaterThanOrEqual(16);
    expect(services.redis?.image).toMatch(/^redis:8/);
  });

  test("are reachable from this machine only", () => {
    for (const [name, { ports = [] }] of Object.entries(services))
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(services.app?.ports).toEqual(["127.0.0.1:3000:3000"]);
  });

  test("the application's addresses name services of the file, with the credentials those were given", () => {
    const { app, postgres, minio, bucket } = services;
    const database = new URL(app?.environment?.DATABASE_URL ?? "");
    expect(database.hostname).toBe("postgres");
    expect([database.username, database.password, database.pathname.slice(1)]).toEqual([
      postgres?.environment?.POSTGRES_USER,
      postgres?.environment?.POSTGRES_PASSWORD,
      postgres?.environment?.POSTGRES_DB,
    ]);
    expect(new URL(app?.environment?.REDIS_URL ?? "").hostname).toBe("redis");
    expect(new URL(app?.environment?.S3_ENDPOINT ?? "").hostname).toBe("minio");
    expect(app?.environment?.S3_ACCESS_KEY_ID).toBe(minio?.environment?.MINIO_ROOT_USER);
    expect(app?.environment?.S3_SECRET_ACCESS_KEY).toBe(minio?.environment?.MINIO_ROOT_PASSWORD);
    const bucketName = new URL(app?.environment?.OBJECT_STORE ?? "").hostname;
    expect(bucket?.entrypoint?.at(-1)).toBe(`store/${bucketName}`);
    expect((app?.environment?.AUTH_SECRET ?? "").length).toBeGreaterThanOrEqual(32);
  });
});

describe("the production services", () => {
  const file = "docker-compose.prod.yml";
  const { services } = open(file);

  test("are three replicas of two gigabytes, and a worker", () => {
    expect(Object.keys(services).sort()).toEqual(["app", "worker"]);
    expect(services.app?.deploy).toMatchObject({ replicas: 3, resources: { limits: { memory: "2g" } } });
    expect(services.worker?.deploy?.resources?.limits?.memory).toBe("2g");
    expect(services.worker?.environment).toEqual(services.app?.environment);
    expect(services.worker?.image).toBe(services.app?.image);
  });

  test("publish as many ports as there are replicas", () => {
    const [port = ""] = services.app?.ports ?? [];
    const [, first, last, inner] = /^(\d+)-(\d+):(\d+)$/.exec(interpolate(port, {})) ?? [];
    expect(Number(last) - Number(first) + 1).toBe(services.app?.deploy?.replicas);
    expect(inner).toBe("3000");
    expect(interpolate(port, { PROBATUM_PORTS: "3000" })).toBe("3000:3000");
  });

  test("demand every address and secret from the environment, each with what is expected", () => {
    const secrets = ["AUTH_SECRET", "DATABASE_URL", "OBJECT_STORE", "PUBLIC_URL", "REDIS_URL", "S3_ACCESS_KEY_ID"];
    const required = [...secrets, "S3_SECRET_ACCESS_KEY", "TRUST_PROXY"];
    expect(requiredVariables(read(file))).toEqual(required);
    const given = Object.fromEntries(required.map((name) => [name, "given"]));
    const uncommented = read(file).replace(/^\s*#.*$/gm, "");
    expect(() => interpolate(uncommented, given)).not.toThrow();
    for (const name of required)
      expect(() => interpolate(uncommented, { ...given, [name]: "" })).toThrow(
        new RegExp(`${name} is missing.*set ${name}`),
      );
  });

  test("hold no secret", () => {
    for (const [variable, value] of Object.entries(services.app?.environment ?? {}))
      if (/URL|SECRET|KEY/.test(variable)) expect(value, variable).toMatch(/^\$\{\w+:(\?.+|-)\}$/);
  });
});

describe("Dockerfile", () => {
  const text = read("Dockerfile");
  const stages = text.split(/^FROM /m).slice(1);
  const last = stages.at(-1) ?? "";

  test("builds in stages on the pinned major of Node and runs as an ordinary user", () => {
    expect(stages.map((stage) => /^(\S+) AS (\w+)/.exec(stage)?.slice(1))).toEqual([
      ["node:24-bookworm-slim", "dependencies"],
      ["dependencies", "build"],
      ["node:24-bookworm-slim", "runtime"],
    ]);
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf("USER node")).toBeLessThan(last.indexOf("CMD"));
  });

  test("installs from the lock, checks its health, and starts what exists", () => {
    expect(text).toMatch(/^RUN npm ci$/m);
    expect(last).toMatch(/HEALTHCHECK[^\n]+\\\n +CMD \[.*\/api\/health/);
    for (const script of [...text.matchAll(/cli\/[\w-]+\.ts/g)].map((match) => match[0]))
      expect(() => read(script), script).not.toThrow();
    const worker = open("docker-compose.prod.yml").services.worker?.entrypoint ?? [];
    expect(worker).toEqual(["node", ...ingestFlags, expect.stringMatching(/\.ts$/)]);
    expect(() => read(worker.at(-1) ?? "")).not.toThrow();
  });

  test("leaves secrets, data and installed packages out of its context", () => {
    const ignored = read(".dockerignore").split("\n");
    for (const entry of [".git", ".env", ".env.*", ".data", "node_modules", ".next", "models/local"])
      expect(ignored).toContain(entry);
  });
});

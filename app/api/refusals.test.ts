import { expect, test, vi } from "vitest";
import { log } from "#lib/log.ts";
import { handle, json } from "./handle.ts";
import { openRefusals, type Refusal, toldPerMinute } from "./refusals.ts";

const limited: Refusal = { status: 429, method: "POST", route: "/api/search", address: "192.0.2.1", user: null };

function opened() {
  const lines: object[] = [];
  const time = { now: 0 };
  const logger = { warn: (...values: object[]) => void lines.push(...values.slice(0, 1)) } as never;
  return { lines, time, tell: openRefusals(logger, () => time.now) };
}

test("what may be somebody's trying leaves a line: by route, address and person, and nothing of what was sent", () => {
  const { lines, tell } = opened();
  for (const status of [400, 403, 405, 408, 413, 415, 421, 429]) tell({ ...limited, status });
  expect(lines).toHaveLength(8);
  expect(lines[0]).toEqual({ ...limited, status: 400 });
  for (const status of [401, 404, 409, 500, 503]) tell({ ...limited, status });
  expect(lines).toHaveLength(8);
});

test("a flood of refusals is told by its number", () => {
  const { lines, time, tell } = opened();
  for (let count = 0; count < toldPerMinute + 500; count += 1) tell(limited);
  expect(lines).toHaveLength(toldPerMinute);
  time.now = 60_000;
  tell(limited);
  expect(lines.slice(toldPerMinute)).toEqual([{ more: 500 }, limited]);
});

test("a write of another site leaves its line, without what its address holds", async () => {
  const shared = globalThis as typeof globalThis & { probatumDeps?: Promise<unknown> };
  shared.probatumDeps = Promise.resolve({ env: {} });
  const told = vi.spyOn(log, "warn").mockReturnValue();
  const request = new Request("http://localhost:3000/api/files/Jane%20Smith.pdf?q=Smith", {
    method: "POST",
    headers: { "sec-fetch-site": "cross-site", "x-probatum-address": "192.0.2.1" },
  });
  const response = await handle<object>(async () => json({}))(request, {
    params: Promise.resolve({ name: "Jane Smith.pdf" }),
  });
  expect(response.status).toBe(403);
  const line = { status: 403, method: "POST", route: "/api/files/[name]", address: "192.0.2.1", user: null };
  expect(told.mock.calls.map(([fields]) => fields)).toEqual([line]);
  told.mockRestore();
  delete shared.probatumDeps;
});

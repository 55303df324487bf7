import { expect, test, vi } from "vitest";
import { isProbatumError, RateLimitedError, toResponse } from "./errors.ts";

test("an error of ours is known whichever copy of its class made it", async () => {
  vi.resetModules();
  const copy = await import("./errors.ts");
  expect(copy.RateLimitedError).not.toBe(RateLimitedError);
  const error = new copy.NotFoundError("The page");
  expect(isProbatumError(error)).toBe(true);
  const response = toResponse(error);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: { code: "not_found", message: "The page was not found." } });
  expect(isProbatumError(new Error("another"))).toBe(false);
  expect(isProbatumError(null)).toBe(false);
});

import { describe, expect, test } from "vitest";
import { InvalidInputError } from "../errors.ts";
import { checkCron, latestDue, nextTimes } from "./cron.ts";

const at = (iso: string) => new Date(iso);

describe("a schedule's times", () => {
  test("are those of its time zone, over the change to summer time", () => {
    const times = nextTimes("30 6 * * *", "Europe/Berlin", at("2026-03-28T00:00:00Z"), 2);
    expect(times).toEqual([at("2026-03-28T05:30:00Z"), at("2026-03-29T04:30:00Z")]);
  });

  test.each([
    ["every minute", "* * * * *", "2026-05-05T10:00:59Z", "2026-05-05T10:00:00Z"],
    ["the very minute it is due", "0 10 * * *", "2026-05-05T10:00:00Z", "2026-05-05T10:00:00Z"],
    ["nightly", "30 2 * * *", "2026-05-05T02:29:59Z", "2026-05-04T02:30:00Z"],
    ["on Mondays", "0 3 * * 1", "2026-05-10T12:00:00Z", "2026-05-04T03:00:00Z"],
    ["on the 29th of February", "0 0 29 2 *", "2026-05-10T12:00:00Z", "2024-02-29T00:00:00Z"],
  ])("the latest is found: %s", (_, cron, now, expected) => {
    expect(latestDue(cron, "UTC", at("2020-01-01T00:00:00Z"), at(now))).toEqual(at(expected));
  });

  test("of before it was made or changed are not due", () => {
    expect(latestDue("0 3 * * *", "UTC", at("2026-05-05T03:00:00Z"), at("2026-05-06T02:59:00Z"))).toBeNull();
    expect(latestDue("0 3 * * *", "UTC", at("2026-05-05T02:59:59Z"), at("2026-05-06T02:59:00Z"))).toEqual(
      at("2026-05-05T03:00:00Z"),
    );
    expect(latestDue("0 3 * * *", "UTC", at("2026-05-07T00:00:00Z"), at("2026-05-06T00:00:00Z"))).toBeNull();
  });
});

describe("what is no schedule", () => {
  test.each([
    ["61 * * * *", "UTC", /61/],
    ["* * * *", "UTC", /five fields/],
    ["*/5 * * * * *", "UTC", /five fields/],
    ["@daily", "UTC", /five fields/],
    ["0 0 30 2 *", "UTC", /day of month/],
    ["0 0 * * *", "Mars/Olympus", /“Mars\/Olympus” is no time zone/],
  ])("%s in %s is refused by what is wrong with it", (cron, timeZone, reason) => {
    expect(() => checkCron(cron, timeZone)).toThrow(InvalidInputError);
    expect(() => checkCron(cron, timeZone)).toThrow(reason);
  });
});

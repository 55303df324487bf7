import { describe, expect, it } from "vitest";
import {
  durationOf,
  formatAway,
  formatBytes,
  formatMoment,
  formatRate,
  formatShare,
  formatSpan,
  percentFilled,
} from "./figures.ts";

describe("figures for administrators", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [9_960, "10 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [3_420_000_000, "3.4 GB"],
    [5e15, "5000 TB"],
  ])("writes %d bytes as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [-5, "0 s"],
    [8_400, "8 s"],
    [60_000, "1 min"],
    [200_000, "3 min 20 s"],
    [7_500_000, "2 h 5 min"],
    [349_200_000, "4 d 1 h"],
  ])("writes a span of %d ms as %s", (span, text) => expect(formatSpan(span)).toBe(text));

  it("tells how far a time is from now, before and behind", () => {
    const now = new Date("2026-03-10T12:00:00Z");
    const away = (iso: string) => formatAway(new Date(iso), now);
    expect(away("2026-03-10T11:59:30Z")).toBe("just now");
    expect(away("2026-03-10T12:00:30Z")).toBe("in a moment");
    expect(away("2026-03-10T11:55:00Z")).toBe("5 min ago");
    expect(away("2026-03-10T15:10:00Z")).toBe("in 3 h");
    expect(away("2026-03-09T11:00:00Z")).toBe("1 day ago");
    expect(away("2026-03-01T12:00:00Z")).toBe("9 days ago");
  });

  it("measures a run up to its end, or to now while it has none", () => {
    const now = new Date("2026-03-10T12:00:00Z");
    const startedAt = "2026-03-10T11:59:00Z";
    expect(durationOf({ startedAt: null, finishedAt: null }, now)).toBeNull();
    expect(durationOf({ startedAt, finishedAt: null }, now)).toBe(60_000);
    expect(durationOf({ startedAt, finishedAt: "2026-03-10T11:59:10Z" }, now)).toBe(10_000);
  });

  it("never calls full or complete what is not", () => {
    expect(percentFilled({ vectors: 0, missing: 0 })).toBe(100);
    expect(percentFilled({ vectors: 99_999, missing: 1 })).toBe(99);
    expect(percentFilled({ vectors: 0, missing: 7 })).toBe(0);
    expect(formatShare(1)).toBe("100.0 %");
    expect(formatShare(0.9996)).toBe("99.9 %");
    expect(formatShare(0.29)).toBe("29.0 %");
  });

  it("writes rates as precisely as is of use", () => {
    expect([null, 0, 0.42, 3.24, 9.96, 1204.4].map(formatRate)).toEqual(["–", "0", "0.4", "3.2", "10", "1,204"]);
  });

  it("names the zone of a time that is not the reader's own", () => {
    expect(formatMoment(new Date("2026-11-22T05:09:00Z"), "UTC")).toBe("22 Nov 2026, 05:09 UTC");
  });
});

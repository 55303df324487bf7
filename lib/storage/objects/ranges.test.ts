import { expect, test } from "vitest";
import { contentRange, parseRangeHeader } from "./index.ts";

test("reads first-last, open-ended and suffix ranges", () => {
  expect(parseRangeHeader("bytes=0-499")).toEqual({ start: 0, end: 499 });
  expect(parseRangeHeader("bytes=500-")).toEqual({ start: 500 });
  expect(parseRangeHeader("Bytes= -200")).toEqual({ suffix: 200 });
  expect(parseRangeHeader("bytes=0-99999999999999999999999")).toEqual({ start: 0, end: Number.MAX_SAFE_INTEGER });
});

test("ignores what RFC 9110 lets a server ignore: other units, malformed values, several ranges", () => {
  for (const header of [
    null,
    undefined,
    "",
    "bytes=",
    "bytes=-",
    "bytes=5-2",
    "items=0-5",
    "bytes=0-1,4-5",
    "bytes=a-b",
  ])
    expect(parseRangeHeader(header), String(header)).toBeNull();
});

test("writes the Content-Range of a part and of a refusal", () => {
  expect(contentRange({ start: 2, end: 4 }, 10)).toBe("bytes 2-4/10");
  expect(contentRange(null, 10)).toBe("bytes */10");
});

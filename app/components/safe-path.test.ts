import { describe, expect, it } from "vitest";
import { safePath } from "./safe-path.ts";

describe("the path to go on to", () => {
  it("keeps a path of this site with its query", () => {
    expect(safePath("/c/1?x=%2F#answer")).toBe("/c/1?x=%2F#answer");
  });

  it.each([
    "https://evil.test/",
    "//evil.test",
    "//evil.test/c/1",
    "/\\evil.test/c/1",
    "/\\evil.test",
    "/\t/evil.test",
    "/%5cevil/..//evil.test",
    "/x/..//evil.test",
    "javascript:alert(1)",
    "c/1",
    "",
    undefined,
    ["/a", "/b"],
  ])("goes home instead of %j", (value) => {
    expect(safePath(value)).toBe("/");
  });
});

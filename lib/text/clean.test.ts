import { expect, test } from "vitest";
import { cleanText, collapseWhitespace } from "./clean.ts";

test("removes what no one can see and keeps what carries meaning", () => {
  expect(cleanText("a\u0000b\u00ADc\u200Bd\uFEFF")).toBe("abcd");
  expect(cleanText("5\u00A0mg\u2009daily")).toBe("5 mg daily");
  expect(cleanText("one\r\ntwo\rthree\u2028four")).toBe("one\ntwo\nthree\nfour");
  expect(cleanText("10⁹/L µg ﬁ ≥65")).toBe("10⁹/L µg ﬁ ≥65");
});

test("a lone surrogate becomes U+FFFD and a pair stays", () => {
  expect(cleanText("x\uD800y\uDC00z😀")).toBe("x\uFFFDy\uFFFDz😀");
});

test("white space collapses to one space", () => {
  expect(collapseWhitespace("  a \n\t b  ")).toBe("a b");
});

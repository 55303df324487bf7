import { expect, it } from "vitest";
import { freeName } from "./upload-names.ts";

it("keeps a name that is free, and numbers one that is taken", () => {
  expect(freeName("asthma.pdf", [])).toBe("asthma.pdf");
  expect(freeName("asthma.pdf", ["Asthma.PDF"])).toBe("asthma (2).pdf");
  expect(freeName("asthma.pdf", ["asthma.pdf", "asthma (2).pdf"])).toBe("asthma (3).pdf");
  expect(freeName("scan", ["scan"])).toBe("scan (2)");
  expect(freeName("u\u0308ber.pdf", ["\u00fcber.pdf"])).toBe("u\u0308ber (2).pdf");
});

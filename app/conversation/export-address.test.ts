import { expect, test } from "vitest";
import { exportFormats } from "#lib/exports/index.ts";
import { exportAddress, exportChoices } from "./export-address.ts";

test("the menu offers every form there is, once", () => {
  const offered = exportChoices.flatMap(({ forms }) => forms.map(({ format }) => format));
  expect(offered.toSorted()).toEqual([...exportFormats].sort());
});

test("the address names conversation, form and answer", () => {
  expect(exportAddress("a b", "pdf")).toBe("/api/conversations/a%20b/export?format=pdf");
  expect(exportAddress("c", "ris", "m")).toBe("/api/conversations/c/export?format=ris&answer=m");
});

import { expect, test } from "vitest";
import { keptName } from "./kept.ts";

test.each([
  ["/srv/Measured Sets", "probatum_measured_sets"],
  ["eval", "probatum_eval"],
  [`/${"x".repeat(80)}`, `probatum_${"x".repeat(54)}`],
])("the database of the folder %s is %s", (folder, name) => expect(keptName(folder)).toBe(name));

test("a folder without a name is refused", () => expect(() => keptName("/")).toThrow(/no name for a database/));

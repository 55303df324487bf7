import { expect, it } from "vitest";
import { runStatusNames } from "./labels.ts";
import { readRunsQuery, runsHref } from "./runs-address.ts";

it("reads back what it writes", () => {
  const query = { collection: "a b", status: "failed", offset: 50 };
  expect(runsHref(query)).toBe("/admin/runs?collection=a+b&status=failed&offset=50");
  expect(readRunsQuery({ collection: "a b", status: "failed", offset: "50" }, runStatusNames)).toEqual(query);
  expect(runsHref({ collection: null, status: null, offset: 0 })).toBe("/admin/runs");
});

it("leaves out what makes no sense", () => {
  const given = { collection: ["a", "b"], status: "asleep", offset: "-3" };
  expect(readRunsQuery(given, runStatusNames)).toEqual({ collection: null, status: null, offset: 0 });
  expect(readRunsQuery({ offset: "1e99" }, runStatusNames).offset).toBe(0);
});

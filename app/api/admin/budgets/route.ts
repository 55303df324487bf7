import { readBudgets, setBudgets } from "#lib/usage/index.ts";
import { handle, json } from "../../handle.ts";
import { readJson } from "../../read-json.ts";

/** The tenant's budgets and what is used of them. */
export const GET = handle(async ({ deps, viewer }) => json(await readBudgets(deps, viewer)));

/** `{ dailyTokens, monthlyCostMicros }`, each a whole number or null for none. */
export const PUT = handle(async ({ request, deps, viewer }) =>
  json(await setBudgets(deps, viewer, await readJson(request))),
);

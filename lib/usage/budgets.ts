import { z } from "zod";
import {
  type Budgets,
  changeBudgets,
  type ModelUsage,
  type Spent,
  selectBudgets,
  selectModelUsage,
  selectSpent,
} from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { parseInput } from "../conversations/input.ts";
import type { Deps } from "../deps.ts";

export interface BudgetView extends Budgets {
  spent: Spent;
  /** Of this month, by day and model, the newest first. */
  usage: ModelUsage[];
  /** US dollars for a million tokens, as the operator has set them; 0: costs are not counted. */
  prices: { input: number; output: number };
}

const most = 1e15;
const amount = z.number().int().min(0).max(most).nullable();
const budgetInput = z.strictObject({ dailyTokens: amount, monthlyCostMicros: amount });

/** A tenant's budgets beside what is used of them. @throws ForbiddenError */
export async function readBudgets(deps: Pick<Deps, "database" | "env">, viewer: Viewer): Promise<BudgetView> {
  await permit(deps, viewer, "tenant.settings", "settings.budgets");
  const { database, env } = deps;
  const month = `${new Date().toISOString().slice(0, 7)}-01`;
  const [budgets, spent, usage] = await Promise.all([
    selectBudgets(database, viewer.tenantId),
    selectSpent(database, viewer.tenantId),
    selectModelUsage(database, viewer.tenantId, month),
  ]);
  return { ...budgets, spent, usage, prices: { input: env.MODEL_INPUT_PRICE, output: env.MODEL_OUTPUT_PRICE } };
}

/** Sets both budgets; null takes one away. @throws ForbiddenError, InvalidInputError */
export async function setBudgets(
  deps: Pick<Deps, "database" | "env">,
  viewer: Viewer,
  input: unknown,
): Promise<BudgetView> {
  await permit(deps, viewer, "tenant.settings", "settings.budgets");
  const budgets = parseInput(budgetInput, input);
  await changeBudgets(deps.database, viewer.tenantId, budgets, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: "settings.budgets",
    subjectType: "tenant",
    subjectId: viewer.tenantId,
    details: { ...budgets },
  });
  return readBudgets(deps, viewer);
}

/** What a tenant's answers use of the chat model, and what they may. */
export { type BudgetView, readBudgets, setBudgets } from "./budgets.ts";
export { withinBudget } from "./within-budget.ts";

import { addModelUsage, type Reservation, reserveUsage, settleUsage } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { metered } from "./meter.ts";
import { costMicros } from "./price.ts";

/** Tokens set aside for one answer: a long prompt of passages and an answer of eight sentences. */
const aside = { inputTokens: 12_000, outputTokens: 1_500 };
/** After which what a dead process set aside is free again. */
const asideSeconds = 600;

/** What a reader is told whose tenant has spent its budget. */
const notices: Record<Extract<Reservation, { budget: "spent" }>["of"], string> = {
  dailyTokens:
    "Your organisation has used up today's budget for the language model. This answer quotes the sources word for word instead; from midnight (UTC) answers are written again.",
  monthlyCostMicros:
    "Your organisation has used up this month's budget for the language model. This answer quotes the sources word for word instead; from the first of next month (UTC), or when an administrator raises the budget, answers are written again.",
};

type UsageDeps = Pick<Deps, "database" | "env" | "log" | "chatModel" | "reranker">;

/**
 * Makes one answer within its tenant's budget, and counts what it used. A clinician with a question is not turned away
 * over money: past the budget the answer is quoted instead of written, and says so by `notice`.
 */
export async function withinBudget<Owned extends UsageDeps, Result>(
  deps: Owned,
  tenantId: string,
  work: (deps: Owned, notice: string | null) => Promise<Result>,
): Promise<Result> {
  const usesModel = deps.chatModel !== null || deps.reranker?.name.startsWith("model:") === true;
  const reservation: Reservation = usesModel
    ? await reserveUsage(deps.database, tenantId, {
        tokens: aside.inputTokens + aside.outputTokens,
        costMicros: costMicros(deps.env, aside),
        seconds: asideSeconds,
      })
    : { budget: "none" };
  const isSpent = reservation.budget === "spent";
  const own = isSpent ? withoutModel(deps) : deps;
  try {
    return await metered(
      ({ model, ...tokens }) => {
        const cost = costMicros(deps.env, tokens);
        return addModelUsage(deps.database, tenantId, { model, questions: 0, ...tokens, costMicros: cost }).catch(
          (error) =>
            deps.log.error({ err: error, model, ...tokens }, "what a call of the model used could not be counted"),
        );
      },
      () => work(own, isSpent ? notices[reservation.of] : null),
    );
  } finally {
    const asked = { model: own.chatModel?.name ?? "", questions: 1, inputTokens: 0, outputTokens: 0, costMicros: 0 };
    await settleUsage(deps.database, tenantId, asked, reservation.budget === "reserved" ? reservation.id : null).catch(
      (error) => deps.log.error({ err: error }, "a question could not be counted"),
    );
  }
}

function withoutModel<Owned extends UsageDeps>(deps: Owned): Owned {
  const reranker = deps.reranker?.name.startsWith("model:") ? null : deps.reranker;
  return { ...deps, chatModel: null, reranker };
}

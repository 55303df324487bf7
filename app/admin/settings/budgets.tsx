"use client";

import { useState } from "react";
import { cell, Empty, headCell, numberCell, numberHead, Section, WideTable } from "#app/admin/parts.tsx";
import { send } from "#app/components/send.ts";
import { field } from "#app/components/styles.ts";
import type { BudgetView } from "#lib/usage/index.ts";
import { SaveForm } from "./save-form.tsx";

const micros = 1_000_000;

/** What the tenant's answers may use of the language model, beside what they have used. */
export function BudgetsSection({ initial }: { initial: BudgetView }) {
  const [view, setView] = useState(initial);
  const hasPrices = view.prices.input > 0 || view.prices.output > 0;

  async function save(form: FormData) {
    const budgets = {
      dailyTokens: wholeOrNone(form.get("tokens"), 1),
      monthlyCostMicros: wholeOrNone(form.get("cost"), micros),
    };
    setView(await send<BudgetView>("PUT", "/api/admin/budgets", budgets));
  }

  return (
    <Section id="budgets" title="Budgets of the language model">
      <p className="max-w-[65ch] text-ink-soft text-sm">
        Past a budget nobody is turned away: answers quote the sources word for word until the next day or month (UTC),
        and say so. An empty field is no budget.
      </p>
      <div className="mt-4">
        <SaveForm label="Save budgets" onSave={save}>
          <label className="grid min-w-48 gap-1.5 font-medium text-sm">
            Tokens a day
            <input
              className={field}
              name="tokens"
              inputMode="numeric"
              pattern="[0-9]{0,15}"
              title="A whole number, or nothing"
              defaultValue={view.dailyTokens ?? ""}
            />
          </label>
          <label className="grid min-w-48 gap-1.5 font-medium text-sm">
            US dollars a month
            <input
              className={field}
              name="cost"
              inputMode="decimal"
              pattern="[0-9]{0,9}([.][0-9]{0,2})?"
              title="An amount such as 250 or 99.50, or nothing"
              defaultValue={view.monthlyCostMicros === null ? "" : view.monthlyCostMicros / micros}
            />
          </label>
        </SaveForm>
      </div>
      <dl className="mt-4 grid max-w-2xl gap-4 sm:grid-cols-2">
        <Spent name="Tokens today" spent={view.spent.dailyTokens} budget={view.dailyTokens} inWords={count} />
        <Spent
          name="Dollars this month"
          spent={view.spent.monthlyCostMicros}
          budget={view.monthlyCostMicros}
          inWords={dollars}
        />
      </dl>
      {!hasPrices && (
        <p className="mt-3 max-w-[65ch] text-ink-soft text-sm">
          No price of a token is set on this server, so costs are counted as nothing and a budget of dollars is never
          spent.
        </p>
      )}
      <h3 className="mt-6 font-medium text-sm">This month by day and model</h3>
      {view.usage.length === 0 ? (
        <Empty>Nothing has been asked this month.</Empty>
      ) : (
        <WideTable label="Usage by day and model" tall>
          <thead>
            <tr>
              <th className={headCell}>Day</th>
              <th className={headCell}>Model</th>
              <th className={numberHead}>Questions</th>
              <th className={numberHead}>Tokens in</th>
              <th className={numberHead}>Tokens out</th>
              <th className={numberHead}>Cost</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {view.usage.map((row) => (
              <tr key={`${row.day} ${row.model}`}>
                <td className={`${cell} tabular whitespace-nowrap`}>{row.day}</td>
                <td className={cell}>{row.model || "none (quoted)"}</td>
                <td className={numberCell}>{count(row.questions)}</td>
                <td className={numberCell}>{count(row.inputTokens)}</td>
                <td className={numberCell}>{count(row.outputTokens)}</td>
                <td className={numberCell}>{dollars(row.costMicros)}</td>
              </tr>
            ))}
          </tbody>
        </WideTable>
      )}
    </Section>
  );
}

function Spent(props: { name: string; spent: number; budget: number | null; inWords: (amount: number) => string }) {
  const { name, spent, budget, inWords } = props;
  return (
    <div>
      <dt className="label-caps">{name}</dt>
      <dd className="tabular mt-0.5 font-medium text-sm">
        {inWords(spent)}
        {budget === null ? ", no budget" : ` of ${inWords(budget)}`}
        {budget !== null && (
          <meter className="mt-1 block h-2 w-full" min={0} max={Math.max(1, budget)} value={spent} aria-label={name}>
            {inWords(spent)}
          </meter>
        )}
      </dd>
    </div>
  );
}

function wholeOrNone(value: FormDataEntryValue | null, unit: number): number | null {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? null : Math.round(Number(text) * unit);
}

function count(amount: number): string {
  return amount.toLocaleString("en-GB");
}

function dollars(amount: number): string {
  return `$${(amount / micros).toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

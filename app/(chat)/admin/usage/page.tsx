import type { Metadata } from "next";
import Link from "next/link";
import {
  AdminPage,
  cell,
  Fact,
  Facts,
  headCell,
  numberCell,
  numberHead,
  Problem,
  Section,
  WideTable,
} from "#app/admin/parts.tsx";
import { UsageFigure } from "#app/admin/usage/usage-figure.tsx";
import { button, field, textLink } from "#app/components/styles.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { type UsageSum, type UsageView, usageFigures } from "#lib/archive/index.ts";
import { InvalidInputError } from "#lib/errors.ts";

export const metadata: Metadata = { title: "Usage" };

const names = ["from", "until", "collection", "model"] as const;

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

async function UsagePage({ searchParams }: Props) {
  const given = await searchParams;
  const { deps, viewer } = await viewerOrSignIn("/admin/usage");
  const query = Object.fromEntries(
    names.flatMap((name) => (typeof given[name] === "string" && given[name] !== "" ? [[name, given[name]]] : [])),
  ) as Partial<Record<(typeof names)[number], string>>;
  const usage = await usageFigures(deps, viewer, query).catch((error: unknown) => {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  });
  return (
    <AdminPage title="Usage and quality">
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        How much was asked and how well it went, by days in UTC, added up from your organisation's own database. No
        figure is of a person. A question that is answered again counts again.
      </p>
      <search>
        <form action="/admin/usage" className="mt-5 flex flex-wrap items-end gap-3">
          {(["from", "until"] as const).map((name) => (
            <label key={name} htmlFor={`usage-${name}`} className="grid gap-1">
              <span className="label-caps">{name === "from" ? "From" : "Until"}</span>
              <input
                id={`usage-${name}`}
                name={name}
                type="date"
                className={field}
                defaultValue={typeof usage === "string" ? query[name] : usage[name]}
              />
            </label>
          ))}
          {query.collection && <input type="hidden" name="collection" value={query.collection} />}
          {query.model !== undefined && <input type="hidden" name="model" value={query.model} />}
          <button type="submit" className={button.primary}>
            Show
          </button>
          {(query.collection || query.model) && (
            <Link href="/admin/usage" className={textLink}>
              Only {query.collection ?? query.model}: show all
            </Link>
          )}
        </form>
      </search>
      {typeof usage === "string" ? <Problem>{usage}</Problem> : <Figures usage={usage} />}
    </AdminPage>
  );
}

export default tellingDenials("/admin/usage", UsagePage);

function Figures({ usage }: { usage: UsageView }) {
  const { all, days, collections, models } = usage;
  const points = days.map((day) => ({
    ...day,
    feedback: null,
    helpful: day.feedback.helpful ?? 0,
    wrong: day.feedback.wrong ?? 0,
    unsupported: day.feedback.unsupported ?? 0,
    outdated: day.feedback.outdated ?? 0,
    firstP50: seconds(day.firstP50),
    firstP95: seconds(day.firstP95),
    totalP50: seconds(day.totalP50),
    totalP95: seconds(day.totalP95),
  }));
  return (
    <>
      <Facts>
        <Fact name="Questions">{all.questions.toLocaleString("en-GB")}</Fact>
        <Fact name="Answered">{share(all.answered, all)}</Fact>
        <Fact name="No evidence found">{share(all.abstained, all)}</Fact>
        <Fact name="Failed">{share(all.failed, all)}</Fact>
        <Fact name="At hand already">{share(all.cached, all)}</Fact>
        <Fact name="Sentences left out">{all.dropped.toLocaleString("en-GB")}</Fact>
        {all.cost !== null && (
          <Fact name="Cost">
            {all.cost.toLocaleString("en-GB", { style: "currency", currency: "USD", maximumFractionDigits: 2 })}
          </Fact>
        )}
        <Fact name="Tokens">{all.tokens.toLocaleString("en-GB")}</Fact>
        <Fact name="First sentence, half and 95 in 100">{`${inSeconds(all.firstP50)} / ${inSeconds(all.firstP95)}`}</Fact>
        <Fact name="To the end, half and 95 in 100">{`${inSeconds(all.totalP50)} / ${inSeconds(all.totalP95)}`}</Fact>
      </Facts>
      <UsageFigure
        id="questions"
        title="Questions"
        points={points}
        lines={[
          { key: "questions", name: "Questions" },
          { key: "abstained", name: "No evidence found" },
          { key: "failed", name: "Failed" },
          { key: "cached", name: "At hand already" },
        ]}
      />
      <UsageFigure
        id="latency"
        title="Seconds to answer"
        points={points}
        lines={[
          { key: "firstP50", name: "First sentence, half" },
          { key: "firstP95", name: "First sentence, 95 in 100" },
          { key: "totalP50", name: "End, half" },
          { key: "totalP95", name: "End, 95 in 100" },
        ]}
      />
      <UsageFigure
        id="quality"
        title="What readers said"
        points={points}
        lines={[
          { key: "helpful", name: "Helpful" },
          { key: "wrong", name: "Wrong" },
          { key: "unsupported", name: "Not supported" },
          { key: "outdated", name: "Out of date" },
        ]}
      />
      <UsageFigure
        id="dropped"
        title="Sentences left out"
        points={points}
        lines={[{ key: "dropped", name: "Sentences left out" }]}
      />
      <UsageFigure id="tokens" title="Tokens" points={points} lines={[{ key: "tokens", name: "Tokens" }]} />
      {all.cost !== null && (
        <UsageFigure
          id="model-cost"
          title="Cost of the model in US dollars"
          points={points}
          lines={[{ key: "cost", name: "US dollars" }]}
        />
      )}
      <Groups title="By collection cited" by="collection" groups={collections} />
      <Groups title="By model" by="model" groups={models} />
    </>
  );
}

function Groups({
  title,
  by,
  groups,
}: {
  title: string;
  by: "collection" | "model";
  groups: ({ name: string } & UsageSum)[];
}) {
  if (groups.length === 0) return null;
  return (
    <Section id={`by-${by}`} title={title}>
      <WideTable label={title}>
        <thead>
          <tr>
            <th className={headCell}>{by === "model" ? "Model" : "Collection"}</th>
            <th className={numberHead}>Questions</th>
            <th className={numberHead}>Answered</th>
            <th className={numberHead}>Sentences left out</th>
            <th className={numberHead}>Tokens</th>
            <th className={numberHead}>To the end, half</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.name} className="border-line border-t">
              <td className={cell}>
                {group.name === "" ? (
                  "Without a model"
                ) : (
                  <Link href={`/admin/usage?${new URLSearchParams({ [by]: group.name })}`} className={textLink}>
                    {group.name}
                  </Link>
                )}
              </td>
              <td className={numberCell}>{group.questions.toLocaleString("en-GB")}</td>
              <td className={numberCell}>{share(group.answered, group)}</td>
              <td className={numberCell}>{group.dropped.toLocaleString("en-GB")}</td>
              <td className={numberCell}>{group.tokens.toLocaleString("en-GB")}</td>
              <td className={numberCell}>{inSeconds(group.totalP50)}</td>
            </tr>
          ))}
        </tbody>
      </WideTable>
    </Section>
  );
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds / 10) / 100;
}

function inSeconds(milliseconds: number | null): string {
  return milliseconds === null ? "none" : `${seconds(milliseconds)} s`;
}

function share(part: number, { questions }: UsageSum): string {
  const percent = questions === 0 ? "" : ` (${Math.round((100 * part) / questions)} %)`;
  return `${part.toLocaleString("en-GB")}${percent}`;
}

"use client";

import dynamic from "next/dynamic";
import type { RunDetail } from "#lib/ingest-runs/index.ts";
import { chartPoints, plotInWords } from "./chart-points.ts";
import { formatRate, formatSpan } from "./figures.ts";
import { Empty, Fact, Facts, headCell, numberCell, numberHead, WideTable } from "./parts.tsx";

// The plot's library is large: only a run's page loads it, after the rest.
const RatePlot = dynamic(() => import("./rate-plot.tsx").then(({ RatePlot }) => RatePlot), {
  ssr: false,
  loading: () => <div className="h-64" />,
});

/** Records and passages a second: as figures, as a plot, and as a table of what is plotted. */
export function RateFigure({ progress, rates }: Pick<RunDetail, "progress" | "rates">) {
  const points = chartPoints(progress);
  return (
    <>
      <Facts>
        <Fact name="Records a second">{formatRate(rates.recordsPerSecond)}</Fact>
        <Fact name="Records, last 2 minutes">{formatRate(rates.recentRecordsPerSecond)}</Fact>
        <Fact name="Passages a second">{formatRate(rates.chunksPerSecond)}</Fact>
        <Fact name="Passages, last 2 minutes">{formatRate(rates.recentChunksPerSecond)}</Fact>
      </Facts>
      {points.length === 0 ? (
        <Empty>A plot appears once the run has been at work for some seconds.</Empty>
      ) : (
        <figure className="mt-5">
          <div role="img" aria-label={`Rates over time. ${plotInWords(points)}`}>
            <RatePlot points={points} />
          </div>
          <figcaption className="mt-2 text-sm">
            <details>
              <summary className="w-fit text-ink-soft">As a table</summary>
              <div className="mt-2 max-w-md">
                <WideTable label="Rates over time" tall>
                  <thead className="sticky top-0 bg-paper">
                    <tr>
                      <th className={headCell}>After</th>
                      <th className={numberHead}>Records a second</th>
                      <th className={numberHead}>Passages a second</th>
                    </tr>
                  </thead>
                  <tbody>
                    {points.map(({ seconds, records, passages }, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: points have no name, and are only ever added to
                      <tr key={at}>
                        <td className="tabular py-1">{formatSpan(seconds * 1000)}</td>
                        <td className={`${numberCell} py-1`}>{records.toFixed(1)}</td>
                        <td className={`${numberCell} py-1`}>{passages.toFixed(1)}</td>
                      </tr>
                    ))}
                  </tbody>
                </WideTable>
              </div>
            </details>
          </figcaption>
        </figure>
      )}
    </>
  );
}

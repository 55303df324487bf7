"use client";

import type { RunDetail } from "#lib/ingest-runs/index.ts";
import { chartPoints, plotInWords } from "./chart-points.ts";
import { formatRate, formatSpan } from "./figures.ts";
import { Empty, Fact, Facts } from "./parts.tsx";
import { PlotFigure } from "./plot-figure.tsx";

const lines = [
  { key: "records", name: "Records a second" },
  { key: "passages", name: "Passages a second" },
];

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
        <div className="mt-5">
          <PlotFigure
            inWords={`Rates over time. ${plotInWords(points)}`}
            table="Rates over time"
            head="After"
            points={points.map((point) => ({ ...point }))}
            lines={lines}
            along={{ key: "seconds", type: "number" }}
            markOf={(seconds) => formatSpan(Number(seconds) * 1000)}
            figureOf={(rate) => rate.toLocaleString("en-GB", { maximumFractionDigits: 1 })}
          />
        </div>
      )}
    </>
  );
}

"use client";

import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { ChartPoint } from "./chart-points.ts";
import { formatSpan } from "./figures.ts";

const tick = { fill: "var(--ink-soft)", fontSize: 12 };
const names = { records: "Records a second", passages: "Passages a second" };

/** Two lines over the run's time, told apart by colour and by dashes. Nothing moves: it is drawn anew every two seconds. */
export function RatePlot({ points }: { points: ChartPoint[] }) {
  const line = { isAnimationActive: false, dot: points.length < 3, strokeWidth: 2, type: "linear" } as const;
  return (
    <ResponsiveContainer width="100%" height={256}>
      <LineChart data={points} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 4, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="seconds"
          type="number"
          domain={[0, "dataMax"]}
          tick={tick}
          stroke="var(--line-strong)"
          tickFormatter={(seconds: number) => formatSpan(seconds * 1000)}
        />
        <YAxis
          tick={tick}
          stroke="var(--line-strong)"
          width={48}
          tickFormatter={(rate: number) => rate.toLocaleString("en-GB", { maximumFractionDigits: 1 })}
          domain={[0, "auto"]}
        />
        <Tooltip
          isAnimationActive={false}
          contentStyle={{ background: "var(--raised)", border: "1px solid var(--line)", borderRadius: 8 }}
          labelStyle={{ color: "var(--ink-soft)" }}
          itemStyle={{ color: "var(--ink)" }}
          labelFormatter={(seconds) => `After ${formatSpan(Number(seconds) * 1000)}`}
          formatter={(rate) => Number(rate).toFixed(1)}
        />
        <Legend
          verticalAlign="top"
          align="left"
          height={28}
          itemSorter={null}
          iconType="plainline"
          formatter={(name) => <span className="text-ink-soft text-sm">{name}</span>}
        />
        <Line {...line} dataKey="records" name={names.records} stroke="var(--accent)" />
        <Line {...line} dataKey="passages" name={names.passages} stroke="var(--caution)" strokeDasharray="5 3" />
      </LineChart>
    </ResponsiveContainer>
  );
}

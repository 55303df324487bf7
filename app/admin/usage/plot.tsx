"use client";

import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

export interface PlotLine {
  key: string;
  name: string;
}

const tick = { fill: "var(--ink-soft)", fontSize: 12 };
const strokes = ["var(--accent)", "var(--caution)", "var(--danger)", "var(--ink-soft)"];
const dashes = ["", "5 3", "2 3", "8 3 2 3"];

/** Days to the right; lines are told apart by colour and by dashes. */
export function Plot({ points, lines }: { points: Record<string, number | string | null>[]; lines: PlotLine[] }) {
  return (
    <ResponsiveContainer width="100%" height={224}>
      <LineChart data={points} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 4, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="day"
          tick={tick}
          stroke="var(--line-strong)"
          tickFormatter={(day: string) => day.slice(5)}
          minTickGap={24}
        />
        <YAxis tick={tick} stroke="var(--line-strong)" width={56} domain={[0, "auto"]} />
        <Tooltip
          isAnimationActive={false}
          contentStyle={{ background: "var(--raised)", border: "1px solid var(--line)", borderRadius: 8 }}
          labelStyle={{ color: "var(--ink-soft)" }}
          itemStyle={{ color: "var(--ink)" }}
        />
        <Legend
          verticalAlign="top"
          align="left"
          height={28}
          itemSorter={null}
          iconType="plainline"
          formatter={(name) => <span className="text-ink-soft text-sm">{name}</span>}
        />
        {lines.map(({ key, name }, at) => (
          <Line
            key={key}
            dataKey={key}
            name={name}
            stroke={strokes[at % strokes.length]}
            strokeDasharray={dashes[at % dashes.length]}
            strokeWidth={2}
            dot={points.length < 3}
            isAnimationActive={false}
            type="linear"
            connectNulls
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

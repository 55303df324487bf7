"use client";

import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

export interface PlotLine {
  key: string;
  name: string;
}

export interface PlotProps<Point> {
  points: Point[];
  lines: PlotLine[];
  /** What stands below the plot: a point's field, as numbers along a scale or as names side by side. */
  along: { key: string; type: "number" | "category" };
  /** What is written below the plot, and above what is pointed at. */
  markOf: (value: number | string) => string;
  titleOf?: (value: number | string) => string;
  figureOf: (value: number) => string;
}

const tick = { fill: "var(--ink-soft)", fontSize: 12 };
const strokes = ["var(--accent)", "var(--caution)", "var(--danger)", "var(--ink-soft)"];
const dashes = ["", "5 3", "2 3", "8 3 2 3"];

/** Lines, told apart by colour and by dashes. Nothing moves: some plots are drawn anew every two seconds. */
export function Plot<Point extends object>({ points, lines, along, markOf, titleOf, figureOf }: PlotProps<Point>) {
  const areWhole = points.every((point) => lines.every(({ key }) => Number.isInteger(numberAt(point, key) ?? 0)));
  return (
    <ResponsiveContainer width="100%" height={240}>
      <LineChart data={points} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 4, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey={along.key}
          type={along.type}
          {...(along.type === "number" && { domain: [0, "dataMax"] })}
          tick={tick}
          stroke="var(--line-strong)"
          tickFormatter={markOf}
          minTickGap={24}
        />
        <YAxis
          tick={tick}
          stroke="var(--line-strong)"
          width={56}
          tickFormatter={figureOf}
          domain={[0, "auto"]}
          allowDecimals={!areWhole}
        />
        <Tooltip
          isAnimationActive={false}
          contentStyle={{ background: "var(--raised)", border: "1px solid var(--line)", borderRadius: 8 }}
          labelStyle={{ color: "var(--ink-soft)" }}
          itemStyle={{ color: "var(--ink)" }}
          labelFormatter={(value) => (titleOf ?? markOf)(value as number | string)}
          formatter={(value) => figureOf(Number(value))}
        />
        <Legend
          verticalAlign="top"
          align="left"
          wrapperStyle={{ paddingBottom: 8 }}
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
            dot={points.filter((point) => typeof numberAt(point, key) === "number").length < 3}
            isAnimationActive={false}
            type="linear"
            connectNulls
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

function numberAt(point: object, key: string): unknown {
  return (point as Record<string, unknown>)[key];
}

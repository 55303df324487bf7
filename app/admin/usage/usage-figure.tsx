"use client";

import { Section } from "../parts.tsx";
import type { PlotLine } from "../plot.tsx";
import { PlotFigure, type PlotPoint } from "../plot-figure.tsx";

export interface UsageFigureProps {
  id: string;
  title: string;
  lines: PlotLine[];
  points: PlotPoint[];
}

/** A plot by days, in a section of its own. */
export function UsageFigure({ id, title, lines, points }: UsageFigureProps) {
  const said = lines.map(({ key, name }) => {
    const values = points.map((point) => Number(point[key] ?? 0));
    return `${name}: at most ${figure(Math.max(...values))} a day`;
  });
  return (
    <Section id={id} title={title}>
      <PlotFigure
        inWords={`${title} by day. ${said.join(". ")}.`}
        table={`${title} by day`}
        head="Day"
        points={points}
        lines={lines}
        along={{ key: "day", type: "category" }}
        markOf={(day) => String(day).slice(5)}
        titleOf={String}
        figureOf={figure}
      />
    </Section>
  );
}

function figure(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 2 });
}

"use client";

import dynamic from "next/dynamic";
import { headCell, numberCell, numberHead, Section, WideTable } from "../parts.tsx";
import type { PlotLine } from "./plot.tsx";

// The plot's library is large: only this page loads it, after the rest.
const Plot = dynamic(() => import("./plot.tsx").then((module) => module.Plot), {
  ssr: false,
  loading: () => <div className="h-56" />,
});

export interface UsageFigureProps {
  id: string;
  title: string;
  lines: PlotLine[];
  points: Record<string, number | string | null>[];
}

/** A plot, and as a table what is plotted. */
export function UsageFigure({ id, title, lines, points }: UsageFigureProps) {
  const said = lines.map(({ key, name }) => {
    const values = points.map((point) => Number(point[key] ?? 0));
    return `${name}: at most ${figure(Math.max(...values))} a day`;
  });
  return (
    <Section id={id} title={title}>
      <figure>
        <div role="img" aria-label={`${title} by day. ${said.join(". ")}.`}>
          <Plot points={points} lines={lines} />
        </div>
        <figcaption className="mt-2 text-sm">
          <details>
            <summary className="w-fit text-ink-soft">As a table</summary>
            <div className="mt-2 max-w-2xl">
              <WideTable label={`${title} by day`} tall>
                <thead>
                  <tr>
                    <th className={headCell}>Day</th>
                    {lines.map(({ key, name }) => (
                      <th key={key} className={numberHead}>
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {points.map((point) => (
                    <tr key={String(point.day)}>
                      <td className="tabular py-1">{point.day}</td>
                      {lines.map(({ key }) => (
                        <td key={key} className={`${numberCell} py-1`}>
                          {point[key] === null ? "" : figure(Number(point[key]))}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </WideTable>
            </div>
          </details>
        </figcaption>
      </figure>
    </Section>
  );
}

function figure(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 2 });
}

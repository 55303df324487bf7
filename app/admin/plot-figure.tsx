"use client";

import dynamic from "next/dynamic";
import { headCell, numberCell, numberHead, WideTable } from "./parts.tsx";
import type { PlotProps } from "./plot.tsx";

// The plot's library is large: only pages with a plot load it, after the rest.
const Plot = dynamic(() => import("./plot.tsx").then((module) => module.Plot), {
  ssr: false,
  loading: () => <div className="h-60" />,
});

export type PlotPoint = Record<string, number | string | null>;

interface PlotFigureProps extends PlotProps<PlotPoint> {
  /** The plot in a sentence, for those who do not see it. */
  inWords: string;
  /** The table's name, and what its first column is. */
  table: string;
  head: string;
}

/** A plot, and as a table what is plotted. */
export function PlotFigure({ inWords, table, head, ...plot }: PlotFigureProps) {
  const { points, lines, along, markOf, titleOf = markOf, figureOf } = plot;
  return (
    <figure>
      <div role="img" aria-label={inWords}>
        <Plot {...plot} />
      </div>
      <figcaption className="mt-2 text-sm">
        <details>
          <summary className="w-fit text-ink-soft">As a table</summary>
          <div className="mt-2 max-w-2xl">
            <WideTable label={table} tall>
              <thead className="sticky top-0 bg-paper">
                <tr>
                  <th className={headCell}>{head}</th>
                  {lines.map(({ key, name }) => (
                    <th key={key} className={numberHead}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {points.map((point, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: points have no name, and are only ever added to
                  <tr key={at}>
                    <td className="tabular whitespace-nowrap py-1">{titleOf(point[along.key] ?? "")}</td>
                    {lines.map(({ key }) => (
                      <td key={key} className={`${numberCell} py-1`}>
                        {point[key] === null ? "" : figureOf(Number(point[key]))}
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
  );
}

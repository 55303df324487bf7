import { createHash } from "node:crypto";

export const halves = ["tune", "report"] as const;
export type Half = (typeof halves)[number];

/**
 * Which half of its set a query belongs to, by the hash of its id: settings are chosen on `tune` and figures given from
 * `report`, whoever runs it and however the file is ordered.
 */
export function halfOf(queryId: string): Half {
  const first = createHash("sha256").update(queryId).digest()[0] as number;
  return first % 2 === 0 ? "tune" : "report";
}

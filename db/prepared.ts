import type pg from "pg";
import type { Database } from "./database.ts";

/**
 * A statement that runs with every question or opened page: a connection parses and plans it once, under its name. For
 * statements whose best plan is the same whatever their values; over 24 months of messages planning took as long as
 * reading.
 * Connections to the embedded database share one session, in which one's name would be another's: there it has none.
 * @param name says which text it is: the same name with another text is refused by the driver
 */
export function prepared(
  { isEmbedded }: Pick<Database, "isEmbedded">,
  name: string,
  text: string,
  values: unknown[],
): pg.QueryConfig {
  return isEmbedded ? { text, values } : { name, text, values };
}

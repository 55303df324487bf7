import { excerptsOf, type FoundMessageRow, type SearchedWords } from "#db/index.ts";
import { readContents } from "../../conversation-months/index.ts";
import type { Deps } from "../../deps.ts";
import { StorageError } from "../../storage/storage-error.ts";

type ExcerptDeps = Pick<Deps, "database" | "objects" | "log">;

/** Objects read at once. */
const atOnce = 8;

/**
 * Found messages with what is shown of them. For those that lie in the object store it is made from the text there,
 * which is read once for each conversation; where it cannot be read, the snippet stays null and the search goes on.
 */
export async function withExcerpts(
  deps: ExcerptDeps,
  words: SearchedWords | null,
  rows: FoundMessageRow[],
): Promise<FoundMessageRow[]> {
  const moved = rows.filter(({ snippet }) => snippet === null);
  const wanted = [...Map.groupBy(moved, ({ conversationId }) => conversationId)];
  const contents = new Map<string, string>();
  for (let at = 0; at < wanted.length; at += atOnce) {
    const read = wanted.slice(at, at + atOnce).map(([conversationId, some]) =>
      contentsOf(
        deps,
        conversationId,
        some.map(({ id }) => id),
      ),
    );
    for (const found of await Promise.all(read)) for (const [id, content] of found) contents.set(id, content);
  }
  const texts = moved.flatMap(({ id, byWords }) => {
    const content = contents.get(id);
    return content === undefined ? [] : [{ id, content, byWords }];
  });
  const excerpts = await excerptsOf(deps.database, words, texts);
  const snippets = new Map(texts.map(({ id }, at) => [id, excerpts[at] ?? null]));
  return rows.map((row) => ({ ...row, snippet: row.snippet ?? snippets.get(row.id) ?? null }));
}

async function contentsOf(deps: ExcerptDeps, conversationId: string, ids: string[]): Promise<Map<string, string>> {
  try {
    return await readContents(deps, conversationId, ids);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    deps.log.warn({ err: error, conversationId }, "found messages are shown without their text: it cannot be read");
    return new Map();
  }
}

import type { Redact } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import {
  findIdentifiers,
  type IdentifierPolicy,
  namesOf,
  type ReplacedIdentifier,
  replaceIdentifiers,
  withoutIdentifiers,
} from "../phi/index.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";
import { getIdentifierPolicy } from "./policy.ts";
import { IdentifiersRefusedError } from "./refused.ts";

type PolicyDeps = Pick<Deps, "database">;

/**
 * How a question is stored: guarded as it was, with placeholders for identifiers. It is checked here whatever the
 * browser did.
 * @param written as it was sent, its lines kept: they tell where names and addresses end
 * @param notIdentifiers found texts that the person said are none; heeded under `warn` only
 * @throws IdentifiersRefusedError under `refuse`, also from what it returns
 */
export async function questionRedactor(
  deps: PolicyDeps,
  viewer: Viewer,
  written: string,
  notIdentifiers: readonly string[],
): Promise<Redact> {
  const policy = await getIdentifierPolicy(deps, viewer.tenantId);
  const redact: Redact = (known) => redacted(written, policy, notIdentifiers, known as ReplacedIdentifier[]);
  redact([]);
  return redact;
}

function redacted(
  written: string,
  policy: IdentifierPolicy,
  notIdentifiers: readonly string[],
  known: readonly ReplacedIdentifier[],
) {
  const text = cleanText(written);
  const left = new Set(policy === "warn" ? notIdentifiers.map(folded) : []);
  const found = findIdentifiers(text, namesOf(known)).filter(
    ({ start, end }) => !left.has(folded(text.slice(start, end))),
  );
  if (policy === "refuse" && found.length > 0) throw new IdentifiersRefusedError("The question", found);
  const { text: without, identifiers } = replaceIdentifiers(text, found, known);
  return { text: collapseWhitespace(without), identifiers };
}

const folded = (text: string) => collapseWhitespace(cleanText(text)).toLowerCase();

/**
 * What is kept of a text that has nowhere to keep identifiers: a title, a label, a note. Each becomes its kind.
 * @param what the text, for the refusal: "The title"
 * @param known the conversation's placeholders, where it is one's
 * @throws IdentifiersRefusedError under `refuse`
 */
export async function checkedText(
  deps: PolicyDeps,
  viewer: Viewer,
  what: string,
  text: string,
  known: readonly ReplacedIdentifier[] = [],
): Promise<string> {
  const found = findIdentifiers(text, namesOf(known));
  if (found.length === 0) return text;
  if ((await getIdentifierPolicy(deps, viewer.tenantId)) === "refuse") throw new IdentifiersRefusedError(what, found);
  return withoutIdentifiers(text, known);
}

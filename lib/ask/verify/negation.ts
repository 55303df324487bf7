import { stem } from "../words.ts";

interface Token {
  word: string;
  stem: string;
  /** Clauses are counted: what is denied in one is not in the next. */
  clause: number;
}

/** What a text denies and affirms, as far as its words tell. */
interface Polarity {
  /** Stems right behind a negation. */
  denied: Set<string>;
  /** Stems that no negation stands near. */
  affirmed: Set<string>;
  stances: Set<"for" | "against">;
  /** `up potassium`, `down potassium`: what rises and falls. */
  effects: Set<string>;
}

const negators = new Set("not no never without cannot neither nor sin nunca ni".split(" "));
/** Words between a negation and what it denies. */
const passedOver = new Set(
  `be been being have has had is are was were do does did to the a an any yet generally usually routinely longer should
  would could may might can must more evidence se es está debe deben ser una un el la`.split(/\s+/),
);
/** Where the reach of "no" and "without" ends. */
const boundary = new Set(
  "in of for with on by than from to among between during if when unless and or but that which who because en de con para si cuando y o pero".split(
    " ",
  ),
);
const functionWords = new Set([
  ...passedOver,
  ...boundary,
  ..."it its this these those they them their he she his her we you your i at as up other also only both such into under over before after about against between".split(
    " ",
  ),
]);

/** Prefixes that deny: "ineffective" is "not effective". */
const prefixed =
  /(?<!\p{L})(?:in|un|non-?|im)(effective|safe|appropriate|adequate|likely|common|significant|sufficient|necessary|suitable|tolerable|advisable|affected|changed|altered|stable|able|related|proven|established|desirable)(?!\p{L})/giu;

const recommending =
  "recommend advis use give prescrib administ offer start initi indic appropri prefer permit allow safe continu treat recomend indic administr us".split(
    " ",
  );
const refusing =
  "contraind contraindic avoid stop discontinu withhold withheld prohibit unsaf inappropri cease evit suspend contraindicad".split(
    " ",
  );
const forStems = new Set(
  [...recommending, "given", "used", "start", "taken", "take"].flatMap((word) => [word, stem(word)]),
);
const againstStems = new Set([
  ...refusing,
  ...["contraindicated", "contraindication", "avoided", "stopped", "withheld"].map(stem),
]);

const rising = new Set(["increas", "rais", "elev", "rise", "rose"]);
const falling = new Set(["decreas", "reduc", "lower", "diminish"]);

/**
 * Whether a sentence denies what its quotes affirm, or the reverse: "is recommended" on "is not recommended", "may be
 * given" on "is contraindicated", "raises potassium" on "lowers potassium". Only clear cases count: what both sides
 * deny somewhere and affirm elsewhere, or say in words that do not meet, is left alone.
 */
export function contradiction(sentence: string, quotes: string[]): "negation" | "direction" | null {
  const said = polarityOf(sentence);
  const held = quotes.map(polarityOf);
  const deniedThere = new Set(held.flatMap(({ denied }) => [...denied]));
  const affirmedThere = new Set(held.flatMap(({ affirmed }) => [...affirmed]));
  const flips = (word: string, here: Set<string>, there: Set<string>, same: Set<string>) =>
    here.has(word) && there.has(word) && !same.has(word);
  for (const word of said.denied) {
    if (
      !said.affirmed.has(word) &&
      flips(word, said.denied, affirmedThere, deniedThere) &&
      !nearNegation(word, quotes)
    ) {
      return "negation";
    }
  }
  for (const word of deniedThere) {
    if (!said.denied.has(word) && flips(word, said.affirmed, deniedThere, affirmedThere)) return "negation";
  }
  const stances = new Set(held.flatMap((one) => [...one.stances]));
  if (said.stances.size === 1 && stances.size === 1 && said.stances.isDisjointFrom(stances)) return "negation";
  const effects = new Set(held.flatMap((one) => [...one.effects]));
  const reversed = [...said.effects].some((effect) => effects.has(reverse(effect)) && !effects.has(effect));
  return reversed ? "direction" : null;
}

/** Whether a text recommends or refuses; null when it does neither, or both. */
export function stanceOf(text: string): "for" | "against" | null {
  const { stances } = polarityOf(text);
  const [stance] = stances;
  return stances.size === 1 && stance ? stance : null;
}

function nearNegation(word: string, quotes: string[]): boolean {
  return quotes.some((quote) => {
    const tokens = tokensOf(quote);
    return tokens.some(
      (token, at) =>
        token.stem === word &&
        tokens
          .slice(Math.max(0, at - 7), at + 7)
          .some((near) => negators.has(near.word) && near.clause === token.clause),
    );
  });
}

function reverse(effect: string): string {
  return effect.startsWith("up ") ? `down ${effect.slice(3)}` : `up ${effect.slice(5)}`;
}

function tokensOf(text: string): Token[] {
  const plain = text
    .replace(/[’‘]/g, "'")
    .replace(/\b(ca|wo)n't\b/gi, (_, head: string) => (head.toLowerCase() === "ca" ? "can not" : "will not"))
    .replace(/(\p{L})n't\b/giu, "$1 not")
    .replace(prefixed, "not $1")
    // Bounds and set phrases deny nothing.
    .replace(
      /\b(?:no|not)\s+(?:be\s+)?(?:more|less|fewer|greater|higher|lower|later|earlier|older|younger)\s+than\b/gi,
      " than ",
    )
    .replace(/\b(?:not|never|without)\s+(?:\p{L}+\s+)?exceed\p{L}*/giu, " maximum ")
    .replace(/\b(?:whether|if)\s+or\s+not\b|\bnot\s+only\b|\bif\s+not\b|\bno\.\s*\d/gi, " ")
    .replace(/\b(?:absence|lack|free)\s+of\b/gi, "without")
    .replace(/\bunless\s+(?:\p{L}+\s+){0,2}contraindicat\p{L}*/giu, " ");
  const tokens: Token[] = [];
  let clause = 0;
  for (const [piece] of plain.toLowerCase().matchAll(/[\p{L}\p{N}]+|[,;:.()!?]/gu)) {
    if (/^[,;:.()!?]$/.test(piece)) clause += 1;
    else tokens.push({ word: piece, stem: stem(piece), clause });
  }
  return tokens;
}

function polarityOf(text: string): Polarity {
  const tokens = tokensOf(text);
  const denied = new Set<string>();
  const affirmed = new Set<string>();
  const stances = new Set<"for" | "against">();
  const effects = new Set<string>();
  const deniedAt = new Set<number>();
  for (const [at, { word }] of tokens.entries()) {
    if (negators.has(word)) for (const place of reach(tokens, at)) deniedAt.add(place);
  }
  for (const [at, token] of tokens.entries()) {
    if (functionWords.has(token.word) || negators.has(token.word)) continue;
    if (deniedAt.has(at)) denied.add(token.stem);
    else if (!isNearNegator(tokens, at)) affirmed.add(token.stem);
    const isFor = forStems.has(token.stem);
    if (isFor || againstStems.has(token.stem)) {
      const isDenied = deniedAt.has(at) || (isFor && isAvoided(tokens, at));
      stances.add(isFor !== isDenied ? "for" : "against");
    }
    const effect = rising.has(token.stem) ? "up" : falling.has(token.stem) ? "down" : null;
    const object =
      effect &&
      tokens.slice(at + 1, at + 4).find(({ word, clause }) => clause === token.clause && !functionWords.has(word));
    if (effect && object && !/^\d/.test(object.word) && !deniedAt.has(at)) effects.add(`${effect} ${object.stem}`);
  }
  return { denied, affirmed, stances, effects };
}

/** Places that a negation denies: behind "not" the next word that means something, behind "no" up to a preposition. */
function reach(tokens: Token[], at: number): number[] {
  const negator = tokens[at] as Token;
  const places: number[] = [];
  const most = negator.word === "not" || negator.word === "never" || negator.word === "cannot" ? 1 : 3;
  for (let place = at + 1; place < tokens.length && places.length < most; place += 1) {
    const token = tokens[place] as Token;
    if (token.clause !== negator.clause) break;
    if (passedOver.has(token.word) || (most === 1 && /ly$/.test(token.word))) continue;
    if (boundary.has(token.word)) break;
    places.push(place);
  }
  return places;
}

function isNearNegator(tokens: Token[], at: number): boolean {
  const { clause } = tokens[at] as Token;
  return tokens.slice(Math.max(0, at - 5), at + 1).some((token) => negators.has(token.word) && token.clause === clause);
}

// "Avoid using", "do not start or continue", "should never be given".
function isAvoided(tokens: Token[], at: number): boolean {
  const { clause } = tokens[at] as Token;
  return tokens
    .slice(Math.max(0, at - 4), at)
    .some(({ word, stem: base, clause: own }) => own === clause && (negators.has(word) || againstStems.has(base)));
}

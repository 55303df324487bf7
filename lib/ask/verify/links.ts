/** Letters and marks that look like the ASCII ones an address is made of. */
const lookalikes: Record<string, string> = {
  "⁄": "/",
  "∕": "/",
  "⧸": "/",
  "╱": "/",
  "⟋": "/",
  "∶": ":",
  "꞉": ":",
  ː: ":",
  "։": ":",
  "׃": ":",
  "․": ".",
  "。": ".",
  "｡": ".",
  "‧": ".",
  "‹": "<",
  "˂": "<",
  "＜": "<",
  "›": ">",
  а: "a",
  е: "e",
  о: "o",
  р: "p",
  с: "c",
  т: "t",
  ѕ: "s",
  ԝ: "w",
  һ: "h",
  і: "i",
  ӏ: "l",
  м: "m",
};
const lookalike = new RegExp(`[${Object.keys(lookalikes).join("")}]`, "gu");
/** Characters that no reader sees: zero-width, joiners, directions, tags, variation selectors, soft hyphen. */
const unseen =
  /[\u00AD\u061C\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0]|[\u034F\u17B4\u17B5]|[\uFE00-\uFE0F]|[\u{E0000}-\u{E0FFF}]/gu;
const entities: Record<string, string> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  colon: ":",
  sol: "/",
  bsol: "\\",
  period: ".",
  commat: "@",
  excl: "!",
  lsqb: "[",
  rsqb: "]",
  lbrack: "[",
  rbrack: "]",
  lpar: "(",
  rpar: ")",
  Tab: "",
  NewLine: "",
  nbsp: " ",
};

const topLevels =
  "com|org|net|edu|gov|mil|info|biz|xyz|io|dev|app|co|eu|uk|ru|cn|jp|nl|tv|cc|ly|link|click|site|online|website|shop|store|zip|mov|cloud|health|example|test|invalid|local|onion";
const patterns = [
  // Markdown: inline, reference and wiki links, images, definitions.
  /\[[^\]]*\]\(/u,
  /!\s?\[/u,
  /\[[^\]]*\p{L}[^\]]*\]\[/u,
  /\[\[/u,
  /^\s*\[[^\]]+\]:\s*\S/mu,
  // Schemes, also ones without slashes, and addresses that take the page's scheme.
  /(?<![\p{L}\p{N}])[a-z][a-z\d+.-]*:\s*[\\/]{2}/iu,
  /(?<![\p{L}\p{N}])(?:(?:javascript|vbscript|mailto|blob|filesystem|view-source|jar)\s*:|(?:tel|sms|cid|file):\S)/iu,
  /(?<![\p{L}\p{N}])data\s*:\s*(?:[a-z]+\/|[^,\s]*;\s*(?:base64|charset)|,)/iu,
  /(?<![\p{L}\p{N}:])[\\/]{2}[\p{L}\p{N}]/u,
  /(?<![\p{L}\p{N}])https?(?![\p{L}\p{N}])/iu,
  /(?<![\p{L}\p{N}])www\s?\.\s?[\p{L}\p{N}]/iu,
  // Elements, whole or cut; what only compares ("eGFR <30", "p < a") is none.
  /<[/!?]?[a-z][^<>]*>/iu,
  /<[/!?]?(?:a|img|image|picture|script|iframe|frame|object|embed|svg|video|audio|source|link|meta|base|form|input|button|body|html|style|div|span|math|template|table|details|marquee)(?=[\s/>"']|$)/iu,
  /<!--|<!\[|<\?/u,
  /(?<!\p{L})url\(|@import/iu,
  // A bare host or mail address is made a link by many that show text.
  new RegExp(
    `(?<![\\p{L}\\p{N}.@-])(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?\\.)+(?:${topLevels})(?![\\p{L}\\p{N}-])`,
    "u",
  ),
  /[\p{L}\p{N}_%+-]+@[\p{L}\p{N}-]+\.[\p{L}]{2,}/u,
  /(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d+|\/)/u,
  /(?<![\p{L}\p{N}])xn--[a-z\d]/iu,
];

/**
 * Whether a text holds what would load from elsewhere, or lead there, in whatever writing: Markdown, HTML, bare
 * addresses, entities, per cent signs, lookalike letters, characters that no reader sees.
 */
export function holdsLink(text: string): boolean {
  const plain = text.normalize("NFKC");
  const seen = plain.replace(unseen, "");
  const forms = new Set([text, seen, seen.replace(lookalike, (character) => lookalikes[character] ?? character)]);
  for (const form of [...forms]) if (form.includes("&")) forms.add(decodeEntities(decodeEntities(form)));
  for (const form of [...forms]) if (/%[\da-f]{2}/i.test(form)) forms.add(decodePercent(decodePercent(form)));
  return [...forms].some((form) => patterns.some((pattern) => pattern.test(form)));
}

/** A text without the characters that no reader sees. */
export function withoutUnseen(text: string): string {
  return text.replace(unseen, "");
}

function decodeEntities(text: string): string {
  return text
    .replace(/&#x([\da-f]{1,6});?/gi, (_, code: string) => characterOf(Number.parseInt(code, 16)))
    .replace(/&#(\d{1,7});?/g, (_, code: string) => characterOf(Number(code)))
    .replace(/&([a-z]{2,8});/gi, (whole, name: string) => entities[name] ?? entities[name.toLowerCase()] ?? whole);
}

function characterOf(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function decodePercent(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

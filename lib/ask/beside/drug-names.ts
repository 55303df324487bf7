import { otherOfficialName } from "../drug-table.ts";

/** Further names under which a label of the same drug may stand, beside the other official one. */
const otherNames = [
  ["glyceryl trinitrate", "nitroglycerin"],
  ["ciclosporin", "cyclosporine", "cyclosporin"],
  ["levothyroxine", "thyroxine", "l-thyroxine"],
  ["co-trimoxazole", "sulfamethoxazole", "trimethoprim-sulfamethoxazole"],
  ["valproate", "valproic acid"],
  ["aspirin", "acetylsalicylic acid"],
  ["benzylpenicillin", "penicillin g"],
];
const byName = new Map(otherNames.flatMap((names) => names.map((name) => [name, names] as const)));

function namesOf(name: string): string[] {
  return [name, otherOfficialName.get(name) ?? [], byName.get(name) ?? []].flat();
}

/** Drugs by label, but every question's word: no label is shown for them. */
const everyday = new Set(
  "water air oxygen ice salt sugar alcohol sun skin pain relief cold flu day night today iron zinc calcium potassium sodium magnesium glucose iodine carbon honey coffee tea tobacco milk lactose protein fat starch test acid men women child children adult adults help care plus one all may the and for".split(
    " ",
  ),
);
const longest = 4;
const mostWords = 60;

/** Everything in a question that may be a drug's name, in lower case: runs of up to four words, with other spellings. */
export function drugNameCandidates(question: string): string[] {
  const words = question.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu) ?? [];
  const plain = words.slice(0, mostWords).map((word) => word.replace(/['’]s$|[.'’-]+$/g, ""));
  const names = new Set<string>();
  for (let length = 1; length <= longest; length += 1) {
    for (let at = 0; at + length <= plain.length; at += 1) {
      const name = plain.slice(at, at + length).join(" ");
      if (length === 1 && (name.length < 3 || everyday.has(name))) continue;
      for (const spelling of spellingsOf(name)) names.add(spelling);
    }
  }
  return [...names];
}

// Spanish names are the international ones with an ending: warfarina, apixabán, ibuprofeno, metformina.
function spellingsOf(name: string): string[] {
  const bare = name.normalize("NFD").replace(/\p{M}/gu, "");
  const forms = name.includes(" ")
    ? [name]
    : [name, bare, bare.replace(/[ao]$/, ""), bare.replace(/[ao]$/, "e"), bare.replace(/s$/, "")];
  return forms.flatMap((form) => (form.length < 3 ? [] : namesOf(form)));
}

/** Substances whose names differ between countries (INN, BAN and USAN); a question may use any. */
const otherNames = [
  ["paracetamol", "acetaminophen"],
  ["salbutamol", "albuterol"],
  ["adrenaline", "epinephrine"],
  ["noradrenaline", "norepinephrine"],
  ["glyceryl trinitrate", "nitroglycerin"],
  ["furosemide", "frusemide"],
  ["pethidine", "meperidine"],
  ["rifampicin", "rifampin"],
  ["ciclosporin", "cyclosporine", "cyclosporin"],
  ["lidocaine", "lignocaine"],
  ["levothyroxine", "thyroxine", "l-thyroxine"],
  ["glibenclamide", "glyburide"],
  ["suxamethonium", "succinylcholine"],
  ["co-trimoxazole", "sulfamethoxazole", "trimethoprim-sulfamethoxazole"],
  ["valproate", "valproic acid"],
  ["aspirin", "acetylsalicylic acid"],
  ["isoprenaline", "isoproterenol"],
  ["phenobarbital", "phenobarbitone"],
  ["beclometasone", "beclomethasone"],
  ["benzylpenicillin", "penicillin g"],
  ["estradiol", "oestradiol"],
  ["sulfasalazine", "sulphasalazine"],
];
const byName = new Map(otherNames.flatMap((names) => names.map((name) => [name, names] as const)));

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
  return forms.flatMap((form) => (form.length < 3 ? [] : [form, ...(byName.get(form) ?? [])]));
}

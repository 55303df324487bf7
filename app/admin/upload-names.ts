/** A name that no other file of the upload has: `a.pdf`, `a (2).pdf`. The same name again would replace the first. */
export function freeName(name: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map(folded));
  if (!used.has(folded(name))) return name;
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let number = 2; ; number += 1) {
    const next = `${stem} (${number})${ending}`;
    if (!used.has(folded(next))) return next;
  }
}

const folded = (name: string) => name.normalize("NFC").toLowerCase();

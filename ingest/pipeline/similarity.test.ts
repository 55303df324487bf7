import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DocumentSection } from "#lib/domain.ts";
import { parse } from "../parse/spl.ts";
import { documentsOf, inputOf, readAll } from "../parse/test-input.ts";
import { bands, mayBeSameMedicine, nearIdentical, signatureLength, signatureOf, similarity } from "./similarity.ts";

/** Running text of invented but distinct sentences: `seed` chooses which. */
function prose(seed: number, sentences: number): string {
  let state = seed;
  const next = (bound: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  const words = Array.from({ length: 600 }, (_, index) =>
    `word${"abcdefghij"[index % 10]}${(index / 10) | 0}x`.replace(/\d/g, (digit) => "klmnopqrst"[Number(digit)] ?? ""),
  );
  return Array.from({ length: sentences }, () =>
    Array.from({ length: 14 }, () => words[next(words.length)])
      .join(" ")
      .concat("."),
  ).join(" ");
}

function signed(text: string, sections?: DocumentSection[]): Int32Array {
  const signature = signatureOf(text, sections);
  if (!signature) throw new Error("the text is too short");
  return signature;
}

const share = (one: Int32Array, other: Int32Array) => {
  const keys = new Set(bands(one));
  return bands(other).filter((key) => keys.has(key)).length;
};

describe("signatures", () => {
  const text = prose(1, 120);

  it("are the same for the same words, whatever their case, spacing and punctuation", () => {
    const changed = text.toUpperCase().replaceAll(". ", ";\n\n").replaceAll(" ", "  ");
    expect(signed(changed)).toEqual(signed(text));
    expect(signed(text)).toHaveLength(signatureLength);
    expect(similarity(signed(text), signed(changed))).toBe(1);
  });

  it("estimate how much two texts share", () => {
    const half = `${prose(1, 60)} ${prose(2, 60)}`;
    // Half of each text's runs are common: 1/2 of either, 1/3 of both together.
    expect(similarity(signed(text), signed(half))).toBeGreaterThan(0.2);
    expect(similarity(signed(text), signed(half))).toBeLessThan(0.47);
    expect(similarity(signed(text), signed(prose(3, 120)))).toBeLessThan(0.05);
  });

  it("find a copy with a changed sentence, and share a band with it", () => {
    const copy = text.replace(/^[^.]+\./, "Repackaged by another firm under its own name and address.");
    expect(similarity(signed(text), signed(copy))).toBeGreaterThan(nearIdentical);
    expect(share(signed(text), signed(copy))).toBeGreaterThan(10);
    expect(share(signed(text), signed(prose(3, 120)))).toBe(0);
  });

  it("tell labels of two strengths apart though few words differ", () => {
    const label = (dose: number) =>
      Array.from({ length: 40 }, (_, index) => `${prose(index + 10, 2)} Take ${dose} mg once a day.`).join(" ");
    expect(similarity(signed(label(10)), signed(label(20)))).toBeLessThan(nearIdentical);
    expect(similarity(signed(label(0.5)), signed(label(5)))).toBeLessThan(nearIdentical);
  });

  it("leave out the sections about the package, and only those", () => {
    const label = (panel: string, storage: string) => {
      const parts = [
        ["2 DOSAGE AND ADMINISTRATION", prose(4, 20)],
        ["16 HOW SUPPLIED/STORAGE AND HANDLING", storage],
        ["17 PATIENT COUNSELING INFORMATION", prose(5, 20)],
        ["Package label.principal display panel", panel],
      ] as const;
      let all = "";
      const sections = parts.map(([heading, body]): DocumentSection => {
        if (all !== "") all += "\n\n";
        const start = all.length;
        all += body;
        return { label: heading, path: [heading], start, end: all.length, page: null };
      });
      return { text: all, sections };
    };
    const one = label(prose(6, 10), prose(7, 10));
    const other = label(prose(8, 3), prose(9, 12));
    expect(signed(one.text, one.sections)).toEqual(signed(other.text, other.sections));
    expect(similarity(signed(one.text), signed(other.text))).toBeLessThan(nearIdentical);
    const renamed = one.sections.map((section) => ({ ...section, label: "Warnings", path: ["Warnings"] }));
    expect(signed(one.text, renamed)).toEqual(signed(one.text));
  });

  it("are not made of a text too short to be judged", () => {
    expect(signatureOf("")).toBeNull();
    expect(signatureOf("Fever. ".repeat(49))).toBeNull();
    expect(signatureOf("Fever. ".repeat(50))).not.toBeNull();
  });

  it("stay the same, as they are stored and compared with later ones", () => {
    const signature = signed("Take one tablet of 2.5 mg at night with water. ".repeat(6));
    expect([...signature.slice(0, 4)]).toEqual([-2075887282, -1812051009, -2070083929, -1803384593]);
    expect(bands(signature).slice(0, 2)).toEqual([7703773263574836980n, -8713741086386593286n]);
  });

  it("give bands that fit a 64-bit integer, and refuse a signature of another length", () => {
    const keys = bands(signed(text));
    expect(keys).toHaveLength(32);
    expect(new Set(keys).size).toBe(32);
    for (const key of keys) expect(BigInt.asIntN(64, key)).toBe(key);
    expect(() => similarity([1], [1])).toThrow("128 values");
  });
});

it("lets labels of one medicine be joined, of two never", () => {
  const brand = { activeMoieties: ["ATORVASTATIN"], dosageForm: "TABLET, FILM COATED" };
  expect(mayBeSameMedicine(brand, { activeMoieties: ["atorvastatin"], dosageForm: "Tablet, film coated" })).toBe(true);
  expect(mayBeSameMedicine(brand, { activeMoieties: ["SIMVASTATIN"], dosageForm: "TABLET, FILM COATED" })).toBe(false);
  expect(mayBeSameMedicine(brand, { activeMoieties: ["AMLODIPINE", "ATORVASTATIN"] })).toBe(false);
  expect(mayBeSameMedicine(brand, { ...brand, dosageForm: "SUSPENSION" })).toBe(false);
  expect(mayBeSameMedicine({ substances: ["A CALCIUM"] }, { substances: ["A CALCIUM TRIHYDRATE"] })).toBe(true);
  expect(mayBeSameMedicine({ substances: ["A CALCIUM"] }, { substances: ["A SODIUM"] })).toBe(false);
  expect(mayBeSameMedicine(brand, {})).toBe(true);
});

const folder = join(import.meta.dirname, "../../../shared/data/spl");
const missing = existsSync(folder) ? "" : " (skipped: the real labels are not here)";

describe.skipIf(missing !== "")(`real labels${missing}`, () => {
  const read = async (name: string) => {
    const [document] = documentsOf(
      await readAll(parse, inputOf(readFileSync(join(folder, `${name}.xml`)), { file: name })),
    );
    if (!document) throw new Error(`no label in ${name}`);
    return document;
  };

  it("join an original and its repackaging, and no others", async () => {
    const labels = await Promise.all(["lipitor-orig", "lipitor-repack", "cough", "no-title"].map(read));
    const signatures = labels.map(({ text, sections }) => signed(text, sections));
    const joined: string[] = [];
    signatures.forEach((one, index) => {
      for (let other = index + 1; other < signatures.length; other++) {
        const candidates = share(one, signatures[other] as Int32Array) > 0;
        const isAlike = similarity(one, signatures[other] as Int32Array) >= nearIdentical;
        const mayBe = mayBeSameMedicine(labels[index]?.metadata ?? {}, labels[other]?.metadata ?? {});
        if (candidates && isAlike && mayBe) joined.push(`${index} ${other}`);
      }
    });
    expect(joined).toEqual(["0 1"]);
  });

  it("do not join a label and the same with all its doses doubled", async () => {
    const { text, sections } = await read("lipitor-orig");
    const doubled = text.replace(/\b(10|20|40|80) mg/g, (_, dose) => `${Number(dose) * 2} mg`);
    // Some doses become longer, so sections are left out of both.
    expect(similarity(signed(text), signed(doubled))).toBeLessThan(nearIdentical);
    expect(sections.length).toBeGreaterThan(0);
  });
});

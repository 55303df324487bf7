import { describe, expect, test } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { splitSentences } from "../../text/sentences.ts";
import { unsupported } from "./index.ts";

type Pair = [sentence: string, quote: string];

const stands: Record<string, Pair[]> = {
  bounds: [
    ["Stop metformin when the eGFR is below 30 mL/min.", "Metformin must be stopped if eGFR falls below 30 mL/min"],
    ["Stop metformin at an eGFR <30 mL/min.", "stop metformin if the eGFR is less than 30 mL/min"],
    ["Stop metformin at an eGFR under 30 mL/min.", "Metformin: stop if eGFR < 30 mL/min"],
    ["Offer it to adults with a score of at least 2.", "Offer it to adults with a score ≥2"],
    ["Offer it to adults with a score of 2 or more.", "Offer it to adults with a score of at least 2"],
    ["Offer it to adults aged 65 years and older.", "Offer it to adults ≥65 years of age"],
    ["The dose must not exceed 40 mg daily.", "The dose should not exceed 40 mg daily"],
    ["Give at most 40 mg daily.", "The maximum recommended dose is 40 mg daily, give it slowly"],
    ["Give no more than 4 g of paracetamol in 24 hours.", "Give up to 4 g of paracetamol in 24 hours"],
    ["Keep blood pressure below 140/90 mmHg.", "keep the blood pressure <140/90 mmHg"],
    ["Treat blood pressure of 160/110 mmHg or higher.", "Treat a blood pressure ≥160/110 mmHg"],
    ["The dose of 40 mg is given once.", "A dose of up to 40 mg is given once"],
    ["Give alteplase within 4.5 hours of onset.", "Alteplase is given less than 4.5 hours after onset"],
    ["Infuse 1 g over 30 minutes.", "Infuse 1 g over 30 minutes"],
    ["Infuse 1 g for 30 minutes.", "infuse 1 g over at least 30 minutes in adults"],
    ["Bilirubin above 17 µmol/L is raised.", "Bilirubin above 1 mg/dL (17 µmol/L) is raised"],
    ["Dé menos de 30 mg de insulina.", "insulina: dé menos de 30 mg siempre"],
    ["Potassium above 6.0 mmol/L is an emergency.", "Potassium exceeding 6.0 mmol/L is an emergency"],
    ["People over 75 years start lower.", "People older than 75 years start lower"],
    ["A T-score of −2.5 or below defines osteoporosis.", "Osteoporosis is a T-score ≤ -2.5"],
  ],
  changes: [
    ["Mortality fell by 5%.", "mortality was reduced by 5%"],
    ["The potassium rose by 0.5 mmol/L.", "serum potassium increased by 0.5 mmol/L"],
    ["There were 20% fewer strokes.", "strokes were reduced by 20%"],
    ["Increase the dose to 10 mg.", "the dose is increased to 10 mg after two weeks"],
    ["Spironolactone raises potassium.", "Spironolactone increases serum potassium and potassium must be checked"],
  ],
  names: [
    ["Vitamin B12 deficiency causes neuropathy.", "Neuropathy is caused by a deficiency of vitamin B12"],
    ["Use the CHA2DS2-VASc score.", "The CHA₂DS₂-VASc score is used to decide"],
    ["SGLT2 inhibitors protect the kidney.", "an SGLT-2 inhibitor protects the kidney"],
    ["SGLT2i protect the kidney.", "SGLT2 inhibitors protect the kidney"],
    ["GLP-1 RAs lower weight.", "GLP-1 receptor agonists lower body weight"],
    ["GLP 1 agonists lower weight.", "GLP-1 agonists lower body weight"],
    ["COVID-19 needs isolation.", "isolate people who have COVID-19"],
    ["People with type 2 diabetes need metformin.", "metformin is needed in T2DM"],
    ["In type 1 or type 2 diabetes give insulin.", "give insulin in types 1 and 2 diabetes"],
    ["CKD stage 3b needs a lower dose.", "a lower dose in CKD stage IIIb"],
    ["NYHA class II to IV heart failure.", "heart failure in New York Heart Association class II–IV"],
    ["Factor Xa is inhibited.", "it inhibits anti-Xa targets such as factor Xa"],
    ["P2Y12 inhibitors are stopped.", "Stop P2Y12-inhibitors five days before"],
    ["H2 blockers are second-line.", "Second-line treatment: an H2 blocker"],
    ["The A1c target is 7%.", "the target HbA1c is 7%"],
    ["Avoid it in the third trimester.", "avoid in the 3rd trimester"],
    ["Avoid it in the second and third trimesters.", "it is avoided in the second or third trimester"],
    ["Hepatitis B and C are excluded first.", "exclude hepatitis B and hepatitis C first"],
    ["The warning dates from March 2020.", "The warning of 12 March 2020 was added"],
    ["The warning dates from 12 March 2020.", "The warning was added on March 12, 2020"],
    ["First-line treatment is amlodipine.", "The preferred treatment is amlodipine"],
    ["Use the CURB-65 score for pneumonia.", "in pneumonia, CURB-65 is the score to use"],
    ["SARS-CoV-2 infection spreads.", "infection by SARS CoV-2 spreads"],
    ["Complement of grade 3–4 toxicity.", "toxicity of grade 3 or 4, complement"],
  ],
  negation: [
    ["Warfarin is not recommended in pregnancy.", "Warfarin should not be used in pregnancy"],
    ["Warfarin should be avoided in pregnancy.", "Warfarin is contraindicated in pregnancy"],
    ["Do not give aspirin to children.", "Aspirin is contraindicated in children"],
    ["Metformin should be stopped in acidosis.", "Metformin is contraindicated in acidosis"],
    ["Do not delay antibiotics.", "Give antibiotics without delay"],
    ["No difference in mortality was found.", "Mortality did not differ between groups"],
    ["It had no effect on mortality.", "It did not reduce mortality, nor stroke"],
    ["Beta-blockers should be continued.", "Do not stop beta-blockers before surgery"],
    ["The drug is ineffective in children.", "The drug is not effective in children"],
    ["Apixaban is given unless it is contraindicated.", "Give apixaban unless contraindicated in atrial fibrillation"],
    ["No dose adjustment is needed.", "Dose adjustment is not required"],
    ["Aspirin is used when it is not contraindicated.", "Use aspirin when not contraindicated in adults"],
    ["Bleeding stops treatment.", "Stop treatment if there is bleeding; continue if there is no bleeding"],
    ["Treat patients without diabetes.", "treat those who do not have diabetes"],
    ["It is not associated with bleeding.", "There was no association with bleeding"],
    ["Use is not limited to adults.", "Use is not only for adults; it is not limited by age"],
  ],
  "ranges, units and spellings": [
    ["Give between 5 and 10 mg.", "give 5–10 mg"],
    ["Give 5 to 10 mg.", "start at 5 mg, increasing to 10 mg"],
    ["Give 5–10 mg.", "from 5 mg up to 10 mg"],
    ["Give 2,500 units.", "give 2 500 units"],
    ["Give 2.5 million units.", "give 2,500,000 units"],
    ["Give 100 µg.", "give 100 micrograms"],
    ["Give it every 8 hours.", "give it q8h"],
    ["Give 5 mg twice daily.", "give 5 mg b.i.d."],
    ["Give 500 mg three times a day.", "500 mg TID"],
    ["Give two hundred and fifty mg.", "give 250 mg"],
    ["Two thirds of patients improved.", "⅔ of patients improved"],
    ["Half a tablet is enough.", "½ tablet is enough"],
    ["Take 1.5 tablets.", "take 1½ tablets"],
    ["It fell by 5 percentage points.", "it fell by 5 percentage points"],
    ["Give 15 mg/kg/day.", "give 15 mg per kg per day"],
    ["Take it daily.", "take it every 24 hours"],
    ["Take it weekly.", "it is taken once a week"],
    ["Take it every other day.", "take it on alternate days"],
    ["Una vez al día se dan 5 mg.", "se dan 5 mg una vez al día"],
    ["Dos veces al día se dan 5 mg.", "se dan 5 mg 2 veces al día"],
    ["The rate is 1 in 10,000.", "a rate of 1 in 10 000"],
    ["Give adrenaline 0.5 mg of 1:1000.", "adrenaline 0.5 mg (1:1000) is given"],
    ["The target is 4.0 mmol/L.", "a target of 4 mmol/l"],
    ["The CD4 count was 350.", "a CD4 count of 350 cells/µL, 350 counted"],
  ],
};

const falls: Record<string, [...Pair, string][]> = {
  bounds: [
    [
      "Stop metformin when the eGFR is below 30 mL/min.",
      "stop metformin when the eGFR is above 30 mL/min",
      "direction",
    ],
    ["Metformin is safe at an eGFR above 30 mL/min.", "metformin is safe at an eGFR <30 mL/min", "direction"],
    ["Give at least 40 mg.", "give at most 40 mg", "direction"],
    ["Give at least 40 mg.", "give no more than 40 mg", "direction"],
    ["Give up to 40 mg.", "give at least 40 mg", "direction"],
    ["Give at least 40 mg.", "give 40 mg", "direction"],
    ["Treat a score ≥2.", "treat a score of 2 or less", "direction"],
    ["Treat a score ≤2.", "treat a score ≥2", "direction"],
    ["Treat a score >2.", "treat a score <2", "direction"],
    ["Treat a score >2.", "treat a score of at least 2", "direction"],
    ["Offer it to those over 75 years.", "offer it to those aged 75 years or younger", "direction"],
    ["Offer it to those aged 65 or older.", "offer it to those younger than 65", "direction"],
    ["The dose must be more than 5 mg.", "the dose must not be more than 5 mg", "direction"],
    ["The dose must not exceed 5 mg.", "the dose must exceed 5 mg", "direction"],
    ["Give it after at least 6 weeks.", "give it within 6 weeks", "direction"],
    ["Treat above 140/90 mmHg.", "a target below 140/90 mmHg", "direction"],
    ["Treat below 3.0 mmol/L (54 mg/dL).", "treat above 3.0 mmol/L (54 mg/dL)", "direction"],
    ["The minimum dose is 10 mg.", "the maximum dose is 10 mg", "direction"],
    ["A T-score of 2.5 is osteoporosis.", "osteoporosis is a T-score of −2.5", "number_not_in_quote"],
    ["Más de 30 mg al día.", "menos de 30 mg al día", "direction"],
  ],
  changes: [
    ["Mortality increased by 5%.", "mortality fell by 5%", "direction"],
    ["Mortality fell by 5%.", "mortality rose by 5%", "direction"],
    ["There were 20% more strokes.", "there were 20% fewer strokes", "direction"],
    ["Increase the dose to 2.5 mg.", "reduce the dose to 2.5 mg", "direction"],
    ["Risk was 12% higher.", "risk was 12% lower", "direction"],
    ["Spironolactone lowers potassium.", "Spironolactone increases potassium", "direction"],
    ["Amiodarone decreases warfarin levels.", "Amiodarone increases warfarin levels", "direction"],
  ],
  names: [
    ["Vitamin B6 deficiency causes neuropathy.", "vitamin B12 deficiency causes neuropathy", "name_not_in_quote"],
    ["Give 12 mg of vitamin.", "vitamin B12 mg of which is given", "number_not_in_quote"],
    ["Vitamin D is given.", "vitamin K is given", "name_not_in_quote"],
    ["H1 blockers are used.", "H2 blockers are used", "name_not_in_quote"],
    ["People with type 1 diabetes need it.", "people with type 2 diabetes need it", "name_not_in_quote"],
    ["People with type 1 diabetes need it.", "people with T2DM need it", "name_not_in_quote"],
    ["The CHA2DS2-VASc score decides.", "the CHADS2 score decides", "name_not_in_quote"],
    ["The CHA2DS2-VA score decides.", "the CHA2DS2-VASc score decides", "name_not_in_quote"],
    ["SGLT1 inhibitors protect.", "SGLT2 inhibitors protect", "name_not_in_quote"],
    ["In 19 patients it worked.", "in patients with COVID-19 it worked", "number_not_in_quote"],
    ["Factor VIII is inhibited.", "factor Xa is inhibited", "name_not_in_quote"],
    ["Factor IX is low.", "factor XI is low", "name_not_in_quote"],
    ["P2Y1 is blocked.", "P2Y12 is blocked", "name_not_in_quote"],
    ["Stage II disease is operated.", "stage III disease is operated", "name_not_in_quote"],
    ["Grade 4 toxicity stops it.", "grade 3 toxicity stops it", "name_not_in_quote"],
    ["NYHA class IV patients benefit.", "NYHA class II patients benefit", "name_not_in_quote"],
    ["Child-Pugh C is excluded.", "Child-Pugh A is excluded", "name_not_in_quote"],
    ["Hepatitis C is treated.", "hepatitis B is treated", "name_not_in_quote"],
    ["Avoid it in the first trimester.", "avoid it in the third trimester", "name_not_in_quote"],
    ["Second-line treatment is amlodipine.", "first-line treatment is amlodipine", "name_not_in_quote"],
    ["Phase III trials showed it.", "phase II trials showed it", "name_not_in_quote"],
    ["The label changed in March 2020.", "the label changed in May 2020", "name_not_in_quote"],
    ["The label changed on 3 March 2020.", "the label changed on 13 March 2020", "name_not_in_quote"],
    ["CYP2D6 breaks it down.", "CYP3A4 breaks it down", "name_not_in_quote"],
    ["IL-5 is blocked.", "IL-6 is blocked", "name_not_in_quote"],
    ["Omega-6 fatty acids help.", "omega-3 fatty acids help", "name_not_in_quote"],
    ["T3 is measured.", "T4 is measured", "name_not_in_quote"],
    ["La diabetes tipo 1 lo requiere.", "la diabetes tipo 2 lo requiere", "name_not_in_quote"],
  ],
  negation: [
    ["Warfarin is recommended in pregnancy.", "Warfarin is not recommended in pregnancy", "negation"],
    ["Warfarin is not recommended in pregnancy.", "Warfarin is recommended in pregnancy", "negation"],
    ["Warfarin may be used in pregnancy.", "Warfarin is contraindicated in pregnancy", "negation"],
    ["Warfarin is contraindicated in pregnancy.", "Warfarin can be used safely in pregnancy", "negation"],
    ["Warfarin is contraindicated in pregnancy.", "Warfarin is not contraindicated in pregnancy", "negation"],
    ["Give aspirin to children.", "Do not give aspirin to children", "negation"],
    ["Aspirin should be given to children.", "Aspirin should never be given to children", "negation"],
    ["Aspirin is safe in children.", "Aspirin is unsafe in children", "negation"],
    ["The drug is effective in children.", "The drug is ineffective in children", "negation"],
    ["It reduced mortality.", "It did not reduce mortality", "negation"],
    ["It did not reduce mortality.", "It reduced mortality", "negation"],
    ["Adjust the dose in renal failure.", "No dose adjustment is needed in renal failure", "negation"],
    [
      "Offer apixaban to patients with mechanical valves.",
      "apixaban in patients without mechanical valves",
      "negation",
    ],
    ["Avoid NSAIDs in heart failure.", "NSAIDs are recommended in heart failure", "negation"],
    ["Use NSAIDs in heart failure.", "Avoid NSAIDs in heart failure", "negation"],
    ["Stop beta-blockers before surgery.", "Do not stop beta-blockers before surgery", "negation"],
    ["It can't be given with food.", "It can be given with food", "negation"],
    ["It was associated with bleeding.", "It was not associated with bleeding", "negation"],
    ["La warfarina está recomendada.", "La warfarina no está recomendada", "negation"],
  ],
  "ranges, units and spellings": [
    ["Give 5–10 mg.", "5 mg on Monday and 10 mg on Tuesday", "number_not_in_quote"],
    ["Give 5 to 10 mg.", "give 10 mg, never 5 mg", "number_not_in_quote"],
    ["It fell by 5%.", "it fell by 5 percentage points", "number_not_in_quote"],
    ["It fell by 5 percentage points.", "it fell by 5%", "number_not_in_quote"],
    ["Give 5 mg twice daily.", "5 mg once daily or 10 mg twice daily", "number_not_in_quote"],
    ["Give 5 mg every 8 hours.", "5 mg every 6 hours or 10 mg every 8 hours", "number_not_in_quote"],
    ["Give it every 8 hours.", "give it for 8 hours", "number_not_in_quote"],
    ["Give it for 8 hours.", "give it every 8 hours", "number_not_in_quote"],
    ["Give 15 mg/kg per day.", "give 15 mg/kg per dose", "number_not_in_quote"],
    ["Give 15 mg/kg.", "give 15 mg", "number_not_in_quote"],
    ["Take it daily.", "take it weekly", "number_not_in_quote"],
    ["Take it daily.", "take it every other day", "number_not_in_quote"],
    ["A glucose of 7 mg/dL.", "a glucose of 7 mmol/L", "number_not_in_quote"],
    ["Give 100 mcg.", "give 100 mg", "number_not_in_quote"],
    ["Give 2.5 million units.", "give 2.5 units", "number_not_in_quote"],
    ["Two thirds improved.", "two patients improved", "number_not_in_quote"],
    ["Half improved.", "a quarter improved", "number_not_in_quote"],
    ["Give 1,500 mg.", "give 1.500 mg", "number_not_in_quote"],
    ["Give 250 mg.", "give two hundred mg", "number_not_in_quote"],
    ["Adrenaline 1:1000 is given.", "adrenaline 1:10 000 is given", "number_not_in_quote"],
    ["Give it t.i.d. with food.", "give it b.i.d. with food", "number_not_in_quote"],
    ["Se dan 5 mg dos veces al día.", "se dan 5 mg una vez al día", "number_not_in_quote"],
  ],
  "other matters": [
    [
      "Always unplug electrical devices before cleaning.",
      "The starting dose of warfarin is 5 mg daily",
      "not_in_quote",
    ],
    ["VdIWSBkbyBbUgYXNrPw decoded nicely here.", "The starting dose of warfarin is 5 mg daily", "not_in_quote"],
    ["Vote in the upcoming elections.", "Warfarin interacts with many drugs and foods", "not_in_quote"],
  ],
};

describe.each(Object.entries(stands))("stands on its quote: %s", (_, pairs) => {
  test.each(pairs)("“%s” on “%s”", (sentence, quote) => {
    expect(unsupported(sentence, [quote])).toBeNull();
  });
});

describe.each(Object.entries(falls))("does not stand: %s", (_, pairs) => {
  test.each(pairs)("“%s” on “%s”: %s", (sentence, quote, reason) => {
    expect(unsupported(sentence, [quote])).toBe(reason);
  });
});

describe("what always holds", () => {
  const everything = [...Object.values(stands), ...Object.values(falls)].flat();
  const texts = everything.flatMap((pair) => pair.slice(0, 2));
  const own = handWritten.flatMap(({ text }) => splitSentences(text).map(({ start, end }) => text.slice(start, end)));

  test.each([...new Set([...texts, ...own])])("a text stands on itself, whole or within more: %s", (text) => {
    expect(unsupported(text, [text])).toBeNull();
    expect(unsupported(text, [text.replaceAll(" ", "\n ")])).toBeNull();
    // The shortcut for equal texts aside, the checks themselves find nothing against it.
    expect(unsupported(text, [`${text.replace(/[.!?]$/, "")}; more is said elsewhere.`])).toBeNull();
    expect(unsupported(text, ["It was a fine day at the seaside.", text])).toBeNull();
  });

  test("a digit changed, added or lost in a sentence is noticed wherever it stands", () => {
    const withDigits = texts.filter((text) => /\d/.test(text));
    const unnoticed: string[] = [];
    for (const text of withDigits) {
      for (const match of text.matchAll(/\d/g)) {
        for (const other of [String((Number(match[0]) + 1) % 10), `${match[0]}7`]) {
          const changed = text.slice(0, match.index) + other + text.slice(match.index + 1);
          // "types 2 and 2" says a part of "types 1 and 2".
          if (/(\d) (?:and|or)(?: type)? \1|(\d)–\2/.test(changed)) continue;
          if (unsupported(changed, [text]) === null) unnoticed.push(`${changed} | ${text}`);
        }
      }
    }
    expect(unnoticed).toEqual([]);
  });

  test("takes linear time on a hostile text", () => {
    const begin = process.cpuUsage().user;
    const long = `${"not type 1 ".repeat(2_000)}${"below 5 mg or ".repeat(2_000)}${"B12-".repeat(2_000)}`;
    unsupported(long, [`${long} more`]);
    expect((process.cpuUsage().user - begin) / 1000).toBeLessThan(8_000);
  });
});

import { describe, expect, test } from "vitest";
import { unsupportedNumber } from "./numbers.ts";

const missing = (sentence: string, ...quotes: string[]) => unsupportedNumber(sentence, quotes);

describe("a number stands", () => {
  test.each([
    ["as it is", "Give 5 mg.", "give 5 mg daily"],
    ["in another spelling of its unit", "Give 100 micrograms.", "100 mcg once"],
    ["with either sign for micro", "Give 100 µg.", "100 μg once"],
    ["whatever the case of its unit", "Potassium 5.5 mmol/L.", "potassium 5.5 MMOL/l"],
    ["without the space before its unit", "Give 5mg.", "give 5 mg"],
    ["with a hyphen before its unit", "The 24-hour urine.", "urine over 24 hours"],
    ["with a thousands comma", "Give 1,000 mg.", "give 1000 mg"],
    ["with a thousands space", "Give 10 000 units.", "give 10,000 units"],
    ["with zeros behind the point", "Give 2.50 mg.", "give 2.5 mg"],
    ["with a decimal comma", "Dé 0,5 mg.", "dé 0.5 mg al día"],
    ["with no zero before the point", "P was 0.05.", "P<.05"],
    ["as a word", "After three months.", "after 3 months"],
    ["as a digit for a word", "After 21 days.", "after twenty-one days"],
    ["in a range written with a word", "Give 5 to 10 mg.", "5–10 mg"],
    ["in a range with both units", "Give 2.5–5 mg.", "2.5 mg to 5 mg"],
    ["as a percentage in words", "In 5 percent.", "in 5% of patients"],
    ["as an age without its unit", "In those aged 65 or older.", "65 years or older"],
    ["as a blood pressure without its unit", "Aim below 130/80.", "below 130/80 mmHg"],
    ["without the day of a daily dose", "The 5 mg dose.", "5 mg daily"],
    ["with its day in other words", "Give 5 mg daily.", "5 mg/day"],
    ["with its body weight in words", "Give 15 mg per kg.", "15 mg/kg"],
    ["per body surface in a clearance", "Below 30 mL/min.", "eGFR below 30 mL/min/1.73 m²"],
    ["as a frequency in other words", "Take it twice daily.", "twice a day"],
    ["as a frequency in numbers", "Take it twice daily.", "2 times per day"],
    ["as a power of ten", "Above 10⁹ per litre.", "above 10⁹ per litre"],
    ["in the second of two quotes", "Give 5 mg for 7 days.", "give 5 mg", "for 7 days"],
    ["when there is none", "Warfarin is contraindicated.", "contraindicated in pregnancy"],
    ["when “one” is no number", "No one should stop it once stable.", "do not stop"],
    ["when a half-life is none", "It has a short half-life.", "its half-life is short"],
    ["when it only marks a reference", "Warfarin works [3, 4].", "warfarin works"],
  ])("%s", (_, sentence, ...quotes) => {
    expect(missing(sentence, ...quotes)).toBeNull();
  });
});

describe("a number does not stand", () => {
  test.each([
    ["ten times as much", "Give 50 mg.", "give 5 mg"],
    ["a tenth", "Give 5 mg.", "give 50 mg"],
    ["with its point lost", "Give 5 mg.", "give 0.5 mg"],
    ["with the point of a bare decimal lost", "Give 5 mg.", "give .5 mg"],
    ["as the tail of a decimal", "Give 5 mg.", "give 2.5 mg"],
    ["with a decimal comma taken for thousands", "Dé 125 mg.", "dé 0,125 mg"],
    ["with thousands taken for decimals", "Give 1.000 mg.", "give 1,000 mg"],
    ["as part of a number grouped by spaces", "Give 500 mg.", "give 1 500 mg"],
    ["as groups put together from elsewhere", "Give 5 000 units.", "5 units or 10 000 units"],
    ["in a unit a thousandfold off", "Give 5 mg.", "give 5 mcg"],
    ["in a smaller unit", "Give 5 mcg.", "give 5 mg"],
    ["in grams for milligrams", "Give 5 g.", "give 5 mg"],
    ["in a unit that looks like another", "Troponin 5 pg/mL.", "troponin 5 ng/mL"],
    ["with a unit put in", "Give 5 mg.", "give 5"],
    ["as a percentage of what was counted", "In 7%.", "in 7 patients"],
    ["counted for what was a percentage", "In 5 patients.", "in 5% of patients"],
    ["as points for a percentage", "By 5 percentage points.", "by 5%"],
    ["as a whole dose for one by weight", "Give 10 mg.", "give 10 mg/kg"],
    ["by weight for a whole dose", "Give 10 mg/kg.", "give 10 mg"],
    ["by hour for by day", "Give 10 mg/h.", "give 10 mg/day"],
    ["by litre for by decilitre", "Above 200 mg/L.", "above 200 mg/dL"],
    ["an amount for a concentration", "Give 5 mmol.", "5 mmol/L"],
    ["daily when that was not said", "Give 5 mg daily.", "give 5 mg twice daily"],
    ["twice for once", "Take it twice daily.", "once daily"],
    ["daily for weekly", "Take it once daily.", "once weekly"],
    ["one tablet for two", "Take one tablet.", "two tablets"],
    ["a tablet and a half for one", "Take 1½ tablets.", "take 1 tablet"],
    ["half for a whole", "Take half a tablet.", "take a tablet"],
    ["in words", "For twenty days.", "for thirty days"],
    ["in compound words", "For twenty-one days.", "for twenty days"],
    ["days for weeks", "For 6 days.", "for 6 weeks"],
    ["the upper end of another range", "Give 5–20 mg.", "give 5–10 mg"],
    ["the lower end in another unit", "Give 5–10 mg.", "give 5 mcg to 10 mg"],
    ["in another power of ten", "Above 5 × 10⁹/L.", "above 5 × 10⁶/L"],
    ["when the quote has it as a reference mark only", "In 12 patients.", "in patients [12]"],
    ["in brackets before its unit", "Give [50] mg.", "give 5 mg"],
    ["when there is no quote", "Give 5 mg."],
  ])("%s", (_, sentence, ...quotes) => {
    expect(missing(sentence, ...quotes)).not.toBeNull();
  });
});

test("names the first number that does not stand, as written", () => {
  expect(missing("Give 5 mg, then 7.5 mg twice daily.", "5 mg")).toBe("7.5 mg");
});

test("takes linear time on a long run of digits and separators", () => {
  const begin = process.cpuUsage().user;
  missing(`${"1 000,".repeat(5_000)} ${"9".repeat(20_000)} ${"5 - ".repeat(5_000)}`, "none");
  expect((process.cpuUsage().user - begin) / 1000).toBeLessThan(3_000);
});

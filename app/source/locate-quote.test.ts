import { describe, expect, it } from "vitest";
import { locateQuote, readQuoteLink } from "./locate-quote.ts";

const text = "Background\n\nGive 5 mg once daily.\nRepeat after\n  two weeks.";
const start = text.indexOf("Give");
const end = start + "Give 5 mg once daily.".length;

describe("the quote of a link", () => {
  it("is marked at its offsets when it stands there", () => {
    expect(locateQuote(text, { start, end, quote: "give 5 MG  once daily." })).toEqual({ kind: "exact", start, end });
    expect(locateQuote(text, { start, end, quote: null })).toEqual({ kind: "exact", start, end });
    expect(locateQuote(text, { start, end, quote: "Give 5 mg" })).toEqual({ kind: "exact", start, end });
  });

  it("is found again where the document has moved it", () => {
    const place = locateQuote(`New preface. ${text}`, { start, end, quote: "Give 5 mg once daily." });
    expect(place).toEqual({ kind: "moved", start: start + 13, end: end + 13 });
  });

  it("is found over line breaks, at offsets of the text as it is", () => {
    const place = locateQuote(text, { start: 0, end: 3, quote: "repeat after two weeks." });
    expect(place.kind === "moved" && text.slice(place.start, place.end)).toBe("Repeat after\n  two weeks.");
  });

  it("is never marked when its words are not in the document", () => {
    expect(locateQuote(text, { start, end, quote: "Give 50 mg once daily." })).toEqual({ kind: "missing" });
    expect(locateQuote(text, { start: 5, end: 9999, quote: null })).toEqual({ kind: "missing" });
    expect(locateQuote(text, { start: 9, end: 3, quote: null })).toEqual({ kind: "missing" });
  });

  it("keeps offsets true behind a letter whose lower case is longer", () => {
    const turkish = `İİİ ${text}`;
    const place = locateQuote(turkish, { start: 0, end: 1, quote: "Give 5 mg" });
    expect(place.kind === "moved" && turkish.slice(place.start, place.end)).toBe("Give 5 mg");
  });

  it("is absent when the link names none", () => {
    expect(locateQuote(text, readQuoteLink({}))).toEqual({ kind: "none" });
    expect(readQuoteLink({ start: "-4", end: "1e9", quote: " " })).toEqual({ start: null, end: null, quote: null });
  });
});

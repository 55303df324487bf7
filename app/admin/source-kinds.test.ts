import { describe, expect, it } from "vitest";
import { parseSourceRequest } from "#lib/ingest-runs/index.ts";
import { kindsFor, type OfferedKind, requestOf, sourceKinds } from "./source-kinds.ts";

const filled: Record<OfferedKind, Record<string, string>> = {
  "pubmed-query": { query: " asthma[mesh] ", from: "2026-01-01", until: "2026-02-01", dateType: "pdat" },
  "pubmed-files": { set: "updatefiles" },
  "pmc-oa": { from: "2026-01-01", ids: "PMC1\n PMC22,PMC333\n" },
  dailymed: { setIds: "a\nb", archive: "dm_spl_release_human_rx_part1.zip" },
  openfda: { search: "openfda.generic_name:warfarin" },
  medlineplus: {},
  addresses: { urls: "https://a.example/1.pdf\nhttps://a.example/2.pdf" },
  objects: { prefix: "inbox/2026/" },
};

describe("the form of a source", () => {
  it.each(Object.entries(filled))("of %s makes a request that is understood", (kind, values) => {
    const request = requestOf(kind as OfferedKind, values);
    expect(parseSourceRequest(request)).toEqual(request);
  });

  it("leaves out what is left empty, and says by name what is missing", () => {
    expect(requestOf("pubmed-query", { query: "  ", from: "" })).toEqual({ kind: "pubmed-query" });
    expect(() => parseSourceRequest(requestOf("pubmed-query", {}))).toThrow(/query: is missing/);
    expect(() => parseSourceRequest(requestOf("addresses", { urls: " \n" }))).toThrow(/urls: is missing/);
  });

  it("splits lists by lines and ignores what belongs to another kind", () => {
    expect(requestOf("pmc-oa", { ids: "PMC1\n PMC22,PMC333\n", query: "x" })).toEqual({
      kind: "pmc-oa",
      ids: ["PMC1", "PMC22", "PMC333"],
    });
  });

  it("marks as required exactly what is refused when it is missing", () => {
    for (const kind of Object.keys(sourceKinds) as OfferedKind[]) {
      for (const { name, required = false } of sourceKinds[kind].fields) {
        const { [name]: _, ...others } = requestOf(kind, filled[kind]);
        const isRefused = (() => {
          try {
            parseSourceRequest(others);
            return false;
          } catch {
            return true;
          }
        })();
        expect([kind, name, isRefused]).toEqual([kind, name, required]);
      }
    }
  });

  it("offers what fits the collection, the likeliest first", () => {
    expect(kindsFor("guideline")).toEqual(["addresses", "objects"]);
    expect(kindsFor("drug_label")[0]).toBe("dailymed");
  });
});

import { describe, expect, it } from "vitest";
import { ForbiddenError } from "#lib/errors.ts";
import { requireSameOrigin } from "./same-origin.ts";

function send(headers: Record<string, string>) {
  return () => requireSameOrigin(new Request("http://localhost:3000/api/conversations", { method: "POST", headers }));
}

describe("writes from other sites", () => {
  it("lets the site's own pages and programs write", () => {
    expect(send({ "sec-fetch-site": "same-origin", origin: "http://localhost:3000" })).not.toThrow();
    expect(send({ origin: "https://probatum.example", host: "probatum.example" })).not.toThrow();
    expect(
      send({ origin: "https://probatum.example", host: "app:3000", "x-forwarded-host": "probatum.example" }),
    ).not.toThrow();
    expect(send({})).not.toThrow();
  });

  it("refuses every other site, its subdomains and pages without an origin", () => {
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { origin: "https://probatum.example.evil.test", host: "probatum.example" },
      { origin: "null", host: "probatum.example" },
    ];
    for (const headers of foreign) {
      expect(send(headers), JSON.stringify(headers)).toThrow(ForbiddenError);
    }
  });
});

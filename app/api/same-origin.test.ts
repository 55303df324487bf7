import { describe, expect, it } from "vitest";
import { ForbiddenError } from "#lib/errors.ts";
import { type OriginSettings, requireSameOrigin } from "./same-origin.ts";

function send(headers: Record<string, string>, settings: OriginSettings = {}) {
  const request = new Request("http://localhost:3000/api/conversations", { method: "POST", headers });
  return () => requireSameOrigin(request, settings);
}

const behindProxy = { host: "app:3000", "x-forwarded-host": "probatum.example" };

describe("writes from other sites", () => {
  it("lets the site's own pages and programs write", () => {
    expect(send({ "sec-fetch-site": "same-origin", origin: "http://localhost:3000" })).not.toThrow();
    expect(send({ "sec-fetch-site": "same-origin" })).not.toThrow();
    expect(send({ origin: "https://probatum.example", host: "probatum.example" })).not.toThrow();
    expect(send({ origin: "https://probatum.example", host: "PROBATUM.example" })).not.toThrow();
    expect(send({ origin: "https://probatum.example", ...behindProxy }, { TRUST_PROXY: "on" })).not.toThrow();
    expect(
      send({ origin: "https://probatum.example", host: "app:3000" }, { PUBLIC_URL: "https://probatum.example/" }),
    ).not.toThrow();
    expect(send({})).not.toThrow();
  });

  it("refuses every other site, its subdomains and pages without an origin", () => {
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "Same-Origin, cross-site" },
      { "sec-fetch-site": "same-origin", origin: "https://evil.test" },
      { "sec-fetch-site": "cross-site", origin: "http://localhost:3000" },
      { origin: "https://probatum.example.evil.test", host: "probatum.example" },
      { origin: "https://probatum.example:444", host: "probatum.example" },
      { origin: "null", host: "probatum.example" },
      { origin: "", host: "probatum.example" },
    ];
    for (const headers of foreign) {
      expect(send(headers), JSON.stringify(headers)).toThrow(ForbiddenError);
    }
  });

  it("believes PUBLIC_URL and not what the sender says the host is", () => {
    const PUBLIC_URL = "https://probatum.example";
    const pretended = { host: "evil.test", "x-forwarded-host": "evil.test" };
    expect(send({ origin: "https://evil.test", ...pretended }, { PUBLIC_URL })).toThrow(ForbiddenError);
    expect(send({ origin: "http://probatum.example", host: "probatum.example" }, { PUBLIC_URL })).toThrow();
    expect(send({ origin: "https://probatum.example", ...behindProxy })).toThrow(ForbiddenError);
    expect(send({ origin: "https://evil.test", ...behindProxy, "x-forwarded-host": "evil.test" })).toThrow();
  });
});

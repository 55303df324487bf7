import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Deps } from "#lib/deps.ts";
import { openTestDeps } from "#lib/testing/deps.ts";
import { POST } from "./[...all]/route.ts";

const shared = globalThis as typeof globalThis & { probatumDeps?: Promise<Deps> };
let deps: Deps;

beforeAll(async () => {
  deps = await openTestDeps();
  shared.probatumDeps = Promise.resolve(deps);
});
afterAll(async () => {
  delete shared.probatumDeps;
  await deps?.close();
});

test("of what another site posts, an identity provider's response alone is looked at", async () => {
  const id = randomUUID();
  const post = async (path: string, headers: Record<string, string>) => {
    const request = new Request(`http://localhost:3000/api/auth${path}`, {
      method: "POST",
      headers: { host: "localhost:3000", "content-type": "application/x-www-form-urlencoded", ...headers },
      body: "SAMLResponse=AAAA&RelayState=x",
    });
    return (await POST(request)).status;
  };
  for (const headers of [
    { origin: "https://login.example.org", "sec-fetch-site": "cross-site" },
    { origin: "null", "sec-fetch-site": "cross-site" },
  ]) {
    // There is no such provider: it was looked at.
    expect(await post(`/sso/saml2/sp/acs/${id}`, headers)).toBe(404);
    for (const path of [
      `/sso/saml2/sp/acs/${id}/`,
      `/sso/saml2/sp/acs/${id}%2f`,
      `/sso/saml2/sp/acs/${id}x`,
      `/sso/saml2/sp/slo/${id}`,
      `/sso/callback/${id}`,
      "/sign-in/sso",
      "/sign-in/email",
      "/sign-out",
    ])
      expect(await post(path, headers), path).toBe(403);
  }
});

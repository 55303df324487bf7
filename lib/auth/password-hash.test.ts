import { hashPassword as hashOfBefore } from "better-auth/crypto";
import { expect, test } from "vitest";
import { hashPassword, matchesPassword } from "./password-hash.ts";

test("a password matches its own hash alone, whose effort and salt stand in it", async () => {
  const [hash, again] = await Promise.all([hashPassword("correct horse ﬁve"), hashPassword("correct horse ﬁve")]);
  expect(hash).toMatch(/^scrypt:16:8:2:[\w-]{22}:[\w-]{86}$/);
  expect(again).not.toBe(hash);
  expect(await matchesPassword({ hash, password: "correct horse five" })).toBe(true); // the same after NFKC
  expect(await matchesPassword({ hash, password: "correct horse fivE" })).toBe(false);
});

test("hashes of before still open", async () => {
  const hash = await hashOfBefore("an older password");
  expect(await matchesPassword({ hash, password: "an older password" })).toBe(true);
  expect(await matchesPassword({ hash, password: "another password" })).toBe(false);
});

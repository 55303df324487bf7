import { describe, expect, test } from "vitest";
import { InvalidInputError } from "../errors.ts";
import { checkPassword } from "./password-policy.ts";

const owner = { name: "Ottilie Brandwein", email: "o.brandwein@st-lucia.example.org" };

describe("a password", () => {
  test.each([
    "Password1234",
    "p@ssw0rd!!!!1",
    "passwordpassword",
    "password2026!!",
    "iloveyou1234",
    "qwertyuiop12",
    "123456789012",
    "abcdefghijkl",
    "aaaaaaaaaaaa",
    "abababababab",
    "sunshine12345",
  ])("that is tried first is refused: %s", (password) => {
    expect(() => checkPassword(password, owner)).toThrow(InvalidInputError);
  });

  test.each(["Brandwein2026!", "ottilie-brandwein", "0tt1l1e.Brandw31n", "Probatum-2026", "lucia-brandwein1"])(
    "that rests on its owner's words or ours is refused: %s",
    (password) => expect(() => checkPassword(password, owner)).toThrow(/your name/),
  );

  test.each(["seven herons stand by the weir", "Brandwein keeps nine geese", "mT9#qLw2!vRx", "ἀγαθὴ τύχη καὶ ὥρα"])(
    "of one's own passes: %s",
    (password) => checkPassword(password, owner),
  );

  test("has a length", () => {
    expect(() => checkPassword("mT9#qLw2!vR", owner)).toThrow(/at least 12/);
    expect(() => checkPassword("mT9#qLw2!v".repeat(13), owner)).toThrow(/at most 128/);
    expect(() => checkPassword(undefined, owner)).toThrow(/needed/);
  });
});

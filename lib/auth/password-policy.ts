import { dictionary } from "@zxcvbn-ts/language-common";
import { InvalidInputError } from "../errors.ts";

export const passwordLength = { least: 12, most: 128 } as const;

/** Words of ours that a password must not rest on, beside its owner's own. */
const ownWords = ["probatum", "password", "passwort", "welcome", "medical", "hospital", "clinic"];
/** Letters and figures that a password needs beside such words. */
const needed = 8;

let known: Set<string> | undefined;

export interface PasswordOwner {
  name: string;
  email: string;
}

/**
 * Refuses what is guessed first: passwords of the local list of leaked ones (49,000), also when they are written with
 * figures for letters, in capitals, twice or with something hung on; runs and repetitions; and the owner's own words.
 * @throws InvalidInputError saying which it is
 */
export function checkPassword(password: unknown, owner: PasswordOwner): asserts password is string {
  const problem = typeof password === "string" ? problemOf(password, owner) : "A password is needed.";
  if (problem) throw new InvalidInputError(problem);
}

function problemOf(password: string, owner: PasswordOwner): string | null {
  const { least, most } = passwordLength;
  const { length } = password.normalize("NFKC");
  if (length < least) return `A password needs at least ${least} characters.`;
  if (password.length > most) return `A password has at most ${most} characters.`;
  const small = password.normalize("NFKC").toLowerCase();
  if (new Set(small).size < 5) return "This password repeats too few characters.";
  if (isRun(small)) return "This password is a run of characters that stand beside each other.";
  if (formsOf(small).some((form) => isKnown(form)))
    return "This password, or one too much like it, is on the lists that are tried first. Choose another.";
  if (restWithout(small, wordsOf(owner)).length < needed)
    return "This password rests on your name, your e-mail address or a word that stands near. Choose another.";
  return null;
}

function isKnown(form: string): boolean {
  known ??= new Set(dictionary["passwords-common"]);
  return form.length >= 4 && known.has(form);
}

const figures: Record<string, string> = { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t", "@": "a", $: "s", "!": "i" };

/** The password, what is left of it without figures and signs at its ends, with letters for figures, and its half. */
function formsOf(small: string): string[] {
  const spelt = (text: string) => text.replace(/[013457@$!]/g, (sign) => figures[sign] ?? sign);
  const bare = (text: string) => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const forms = [small, bare(small), spelt(small), spelt(bare(small)), bare(spelt(small))];
  return forms.flatMap((form) => [form, unitOf(form)]);
}

/** What a text repeats from end to end; itself when it repeats nothing. */
function unitOf(text: string): string {
  const at = (text + text).indexOf(text, 1);
  return text.slice(0, at);
}

const rows = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890123456789",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
];

/** Whether most steps of a text go from one character to its neighbour in the alphabet or on the keyboard. */
function isRun(text: string): boolean {
  let steps = 0;
  for (let at = 1; at < text.length; at += 1) {
    const pair = text.slice(at - 1, at + 1);
    const back = `${pair[1]}${pair[0]}`;
    if (rows.some((row) => row.includes(pair) || row.includes(back))) steps += 1;
  }
  return steps >= 0.75 * (text.length - 1);
}

function wordsOf({ name, email }: PasswordOwner): string[] {
  const own = `${name} ${email}`
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return [...own.filter((word) => word.length >= 3), ...ownWords].sort((one, other) => other.length - one.length);
}

/** The letters and figures of a text that belong to none of the words. */
function restWithout(text: string, words: string[]): string {
  const spelt = text.replace(/[013457@$!]/g, (sign) => figures[sign] ?? sign);
  const left = (form: string) =>
    words.reduce((rest, word) => rest.replaceAll(word, " "), form).replace(/[^\p{L}\p{N}]+/gu, "");
  const [asWritten, asSpelt] = [left(text), left(spelt)];
  return asSpelt.length < asWritten.length ? asSpelt : asWritten;
}

import { expect, test } from "vitest";
import { OrderedWindow } from "./window.ts";

const later = <Value>() => Promise.withResolvers<Value>();

test("results come in the order they went in, however long each takes, several at once when they are ready", async () => {
  const window = new OrderedWindow<string>(10);
  const [one, two] = [later<string>(), later<string>()];
  await window.put(1, () => one.promise);
  await window.put(1, () => two.promise);
  await window.put(1, async () => "three");
  two.resolve("two");
  await Promise.resolve();
  one.resolve("one");
  const first = await window.take(2);
  expect(first?.results).toEqual(["one", "two"]);
  window.close();
  expect((await window.take(2))?.results).toEqual(["three"]);
  expect(await window.take(2)).toBeNull();
});

test("no more is let in than fits, until what was taken is dealt with; one too heavy goes in alone", async () => {
  const window = new OrderedWindow<number>(10);
  await window.put(50, async () => 1);
  let isIn = false;
  const second = window
    .put(6, async () => 2)
    .then(() => {
      isIn = true;
    });
  const taken = await window.take(100);
  expect(taken?.results).toEqual([1]);
  expect(isIn).toBe(false);
  taken?.release();
  await second;
  expect((await window.take(1))?.results).toEqual([2]);
});

test("work that fails ends the taking at its turn, after everything before it", async () => {
  const window = new OrderedWindow<number>(10);
  await window.put(1, async () => 1);
  await window.put(1, () => Promise.reject(new Error("broken")));
  expect((await window.take(10))?.results).toEqual([1]);
  await expect(window.take(10)).rejects.toThrow("broken");
});

test("a failure of either side ends the other", async () => {
  const window = new OrderedWindow<number>(1);
  await window.put(1, async () => 1);
  const waiting = window.put(1, async () => 2);
  window.fail(new Error("the database is gone"));
  await expect(waiting).rejects.toThrow("the database is gone");
  await expect(window.take(1)).rejects.toThrow("the database is gone");
});

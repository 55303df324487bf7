import { describe, expect, test } from "vitest";
import { readJson, readObject } from "./read-json.ts";

const address = "http://localhost:3000/api/x";
const post = (body: BodyInit, contentType: string | null = "application/json") =>
  new Request(address, {
    method: "POST",
    body,
    headers: contentType === null ? {} : { "content-type": contentType },
    duplex: "half",
  } as RequestInit);

describe("bodies", () => {
  test("are JSON, with or without a charset", async () => {
    expect(await readJson(post('{"a":[1]}'))).toEqual({ a: [1] });
    expect(await readJson(post("1", "Application/JSON; charset=utf-8"))).toBe(1);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
    "application/json-patch+json",
    "text/plain; application/json",
    "text/html",
  ])("that are said to be %s, as a form of another site may send them, are refused", async (contentType) => {
    await expect(readJson(post('{"a":1}', contentType))).rejects.toMatchObject({ status: 415 });
  });

  test("that are said to be nothing are refused", async () => {
    await expect(readJson(post(new Uint8Array([0x7b, 0x7d]), null))).rejects.toMatchObject({ status: 415 });
  });

  test("over 256 KiB are refused: by what they say, and by what they are", async () => {
    const long = JSON.stringify("x".repeat(256 * 1024));
    await expect(readJson(post(long))).rejects.toMatchObject({ status: 413 });
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      },
    });
    await expect(readJson(post(endless))).rejects.toMatchObject({ status: 413 });
    expect(sent).toBeLessThan(20);
    expect(await readJson(post(JSON.stringify("x".repeat(255 * 1024))))).toHaveLength(255 * 1024);
  });

  test("nested deeper than 32 are refused before they are parsed; brackets in words are no nesting", async () => {
    const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    await expect(readJson(post(deep(33)))).rejects.toMatchObject({ status: 400, message: /deeper than 32/ });
    await expect(readJson(post("[".repeat(200_000)))).rejects.toMatchObject({ message: /deeper than 32/ });
    await expect(readJson(post(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`))).rejects.toMatchObject({ status: 400 });
    expect(await readJson(post(deep(32)))).toBeDefined();
    expect(await readJson(post(JSON.stringify(`${"[".repeat(100)}\\"[[[[`)))).toContain("[[");
  });

  test("that do not come are not waited for", async () => {
    const silent = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
    });
    await expect(readJson(post(silent), { milliseconds: 20 })).rejects.toMatchObject({ status: 408 });
  });

  test("that are no JSON, no UTF-8 or no object are refused, and give no prototype away", async () => {
    for (const body of ["", "{", "a=b", "\ufeff{}x"])
      await expect(readJson(post(body))).rejects.toMatchObject({ status: 400 });
    await expect(readJson(post(new Uint8Array([0x22, 0xff, 0x22])))).rejects.toMatchObject({ status: 400 });
    for (const body of ["[]", "null", "1"]) await expect(readObject(post(body))).rejects.toMatchObject({ status: 400 });
    await readObject(post('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'));
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { describeObjectStore, keysOf, readText } from "./contract.ts";
import { type ObjectStore, openObjectStore, type S3Options } from "./index.ts";

const endpoint = process.env.S3_ENDPOINT;
const options: S3Options = {
  endpoint,
  region: process.env.S3_REGION,
  accessKeyId: process.env.S3_ACCESS_KEY_ID,
  secretAccessKey: process.env.S3_SECRET_ACCESS_KEY,
};
const name = endpoint ? "objects on a real S3 server" : "objects on a real S3 server (skipped: S3_ENDPOINT is not set)";

describe.skipIf(!endpoint)(name, () => {
  const bucket = `probatum-test-${randomUUID().slice(0, 8)}`;
  const opened: ObjectStore[] = [];

  async function openEmpty(extra: Partial<S3Options> = {}, address = `s3://${bucket}/${randomUUID()}`) {
    const store = await openObjectStore(address, { s3: { ...options, ...extra } });
    opened.push(store);
    return store;
  }

  async function openReady() {
    const store = await openEmpty({ listPageSize: 7 });
    await store.ensureBucket();
    return store;
  }

  afterAll(async () => {
    const everything = await openEmpty({}, `s3://${bucket}`);
    for await (const { key } of everything.list()) await everything.delete(key);
    const { DeleteBucketCommand, S3Client } = await import("@aws-sdk/client-s3");
    const { accessKeyId = "", secretAccessKey = "" } = options;
    const client = new S3Client({
      endpoint: endpoint ?? "",
      region: options.region ?? "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    await client.send(new DeleteBucketCommand({ Bucket: bucket }));
    client.destroy();
    await Promise.all(opened.map((store) => store.close()));
  });

  describeObjectStore({ open: openReady, listCount: 60 });

  test("gives an address that works as it was signed, ranges included, and not for another key", async () => {
    const store = await openReady();
    await store.put("signed/Leitlinie ü.pdf", Buffer.from("0123456789"), { contentType: "application/pdf" });
    const url = await store.signedUrl("signed/Leitlinie ü.pdf", {
      expiresInSeconds: 60,
      disposition: "inline",
      contentType: "application/pdf",
    });
    const answer = await fetch(url ?? "", { headers: { range: "bytes=-3" } });
    expect([answer.status, await answer.text()]).toEqual([206, "789"]);
    expect(answer.headers.get("content-disposition")).toBe("inline");
    const other = new URL(url ?? "");
    other.pathname = other.pathname.replace("signed", "signet");
    expect((await fetch(other)).status).toBe(403);
  });

  test("wrong credentials are denied, not an empty store", async () => {
    const store = await openReady();
    await store.put("secret", Buffer.from("x"), { contentType: "text/plain" });
    const prefix = store.name;
    const intruder = await openEmpty({ secretAccessKey: "wrong" });
    const denied = { code: "denied", backend: prefix };
    await expect(keysOf(intruder)).rejects.toMatchObject(denied);
    await expect(intruder.get("secret")).rejects.toMatchObject({ ...denied, key: "secret" });
    await expect(intruder.exists("secret")).rejects.toMatchObject(denied);
    await expect(intruder.put("secret", Buffer.from("y"), { contentType: "text/plain" })).rejects.toThrow(
      /put "secret"/,
    );
    expect(await intruder.health()).toMatchObject({ ok: false, detail: expect.stringContaining("403") });
  });

  test("a missing bucket is a failure of its own, never a missing object, and nothing creates it unasked", async () => {
    const store = await openEmpty({}, `s3://${bucket}-absent`);
    await expect(store.head("a")).rejects.toMatchObject({ code: "failed", message: expect.stringContaining("bucket") });
    await expect(store.exists("a")).rejects.toMatchObject({ code: "failed" });
    await expect(keysOf(store)).rejects.toMatchObject({ code: "failed" });
    await expect(store.put("a", Buffer.from("x"), { contentType: "text/plain" })).rejects.toMatchObject({
      code: "failed",
    });
    expect(await store.health()).toMatchObject({ ok: false, detail: expect.stringContaining("does not exist") });
  });

  test("prefixes keep stores in one bucket apart", async () => {
    const [left, right] = [await openReady(), await openReady()];
    await left.put("same", Buffer.from("left"), { contentType: "text/plain" });
    expect(await right.exists("same")).toBe(false);
    expect(await keysOf(left)).toEqual(["same"]);
    expect(await readText((await left.get("same")).body)).toBe("left");
  });
});

describe("objects on an S3 server that fails", () => {
  const credentials = { accessKeyId: "any", secretAccessKey: "any", region: "us-east-1" };

  test("an unreachable server is unavailable, with its address and the cause", async () => {
    const store = await openObjectStore("s3://bucket", { s3: { ...credentials, endpoint: "http://127.0.0.1:9" } });
    await expect(store.get("a/b")).rejects.toMatchObject({
      code: "unavailable",
      key: "a/b",
      message: expect.stringMatching(/s3:bucket at http:\/\/127\.0\.0\.1:9.*get "a\/b".*ECONNREFUSED/),
    });
    await expect(keysOf(store)).rejects.toMatchObject({ code: "unavailable" });
    expect(await store.health()).toMatchObject({ ok: false, detail: expect.stringContaining("ECONNREFUSED") });
    await store.close();
  });

  /** A server that answers every request with one page and cuts bodies short; it checks nothing. */
  async function openAgainst(answer: Parameters<typeof createServer>[1]) {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const store = await openObjectStore("s3://bucket", {
      s3: { ...credentials, endpoint: `http://127.0.0.1:${port}`, requestTimeoutMilliseconds: 300 },
    });
    return {
      store,
      close: async () => {
        await store.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  test("a listing that is cut short without a next page is an error", async () => {
    const page =
      "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>";
    const { store, close } = await openAgainst((_, response) => response.end(page));
    await expect(keysOf(store)).rejects.toThrow(/cut short/);
    await close();
  });

  test("a body that breaks off fails its reader", async () => {
    const { store, close } = await openAgainst((_, response) => {
      response.writeHead(200, { "content-length": "100", etag: '"x"' });
      response.write("only this", () => response.destroy());
    });
    const found = await store.get("a");
    await expect(readText(found.body)).rejects.toThrow();
    await close();
  });

  test("a server that accepts and never answers is unavailable within the time limit", async () => {
    const { store, close } = await openAgainst(() => {});
    await expect(store.head("a")).rejects.toMatchObject({ code: "unavailable" });
    await close();
  });

  test("a server that ignores a range is an error, not other bytes", async () => {
    const { store, close } = await openAgainst((_, response) => response.end("whole object"));
    await expect(store.get("a", { range: { start: 2, end: 3 } })).rejects.toThrow(/whole object instead of the range/);
    await close();
  });
});

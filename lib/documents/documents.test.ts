import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureCollection } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError, UnavailableError } from "../errors.ts";
import { StorageError } from "../storage/storage-error.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { getDocument, getDocumentBySource, openOriginal } from "./index.ts";

const bytes = Buffer.from("%PDF-1.7 a small original of forty bytes");

let deps: Deps;
let viewer: Viewer;
let shared: { id: string; slug: string };

beforeAll(async () => {
  deps = await openTestDeps();
  viewer = await makeViewer(deps);
  const slug = await makeCorpus(deps, [{ id: "kept", title: "Kept", text: "Give 5 mg daily. Check after 2 weeks." }]);
  const document = await getDocumentBySource(deps, null, slug, "kept");
  shared = { id: document?.id ?? "", slug };
  const key = `originals/${slug}/kept`;
  await deps.objects.put(key, bytes, { contentType: "application/pdf" });
  await deps.database.pool.query(
    "update documents set object_key = $2, original_type = 'application/pdf' where id = $1",
    [shared.id, key],
  );
});
afterAll(() => deps?.close());

const read = async (range: string | null) => {
  const response = await openOriginal(deps, viewer, shared.id, range);
  return { ...response, text: response.body ? await new Response(response.body).text() : null };
};

test("an original comes whole, typed, sandboxed and not to be guessed at", async () => {
  const whole = await read(null);
  expect(whole).toMatchObject({ status: 200, text: bytes.toString() });
  expect(whole.headers).toMatchObject({
    "Content-Type": "application/pdf",
    "Content-Length": String(bytes.length),
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "bytes",
  });
  expect(whole.headers["Content-Security-Policy"]).toMatch(/sandbox/);
});

test.each([
  ["bytes=0-7", "%PDF-1.7", `bytes 0-7/${bytes.length}`],
  ["bytes=9-", bytes.subarray(9).toString(), `bytes 9-39/${bytes.length}`],
  ["bytes=-5", "bytes", `bytes 35-39/${bytes.length}`],
])("a byte range: %s", async (range, text, contentRange) => {
  const part = await read(range);
  expect(part).toMatchObject({ status: 206, text });
  expect(part.headers).toMatchObject({ "Content-Range": contentRange, "Content-Length": String(text.length) });
});

test("a range past the end says how long the original is", async () => {
  expect(await read("bytes=100-")).toMatchObject({
    status: 416,
    headers: { "Content-Range": "bytes */40" },
    text: null,
  });
});

test("a document of another tenant's collection is not found, nor is its original, whoever knows its id", async () => {
  const owner = await makeViewer(deps);
  const collection = await ensureCollection(deps.database, {
    tenantId: owner.tenantId,
    slug: `private-${randomUUID()}`,
    title: "Private",
    description: "",
    sourceType: "guideline",
    embeddingProvider: "test",
    embeddingModel: "hashed",
    embeddingDimensions: 384,
    chunkSettings: {},
  });
  await deps.database.pool.query("update documents set collection_id = $2 where id = $1 returning id", [
    (
      await getDocumentBySource(
        deps,
        null,
        await makeCorpus(deps, [{ id: "p", title: "P", text: "Private text." }]),
        "p",
      )
    )?.id,
    collection.id,
  ]);
  const moved = await getDocumentBySource(deps, owner.tenantId, collection.slug, "p");
  expect(await getDocument(deps, owner, moved?.id ?? "")).toMatchObject({ title: "P" });
  await expect(getDocument(deps, viewer, moved?.id ?? "")).rejects.toThrow(NotFoundError);
  await expect(openOriginal(deps, viewer, moved?.id ?? "", null)).rejects.toThrow(NotFoundError);
});

test.each(["", "0", "-1", "1e3", "9".repeat(30), "' or true --"])(
  "an id that names nothing is not found: %s",
  async (id) => {
    await expect(getDocument(deps, viewer, id)).rejects.toThrow(NotFoundError);
  },
);

test("a document is shown with what corrects it, what it is tied to and its near copies", async () => {
  const copy = { signature: { values: [1, 2, 3, 4], bands: [7n] } };
  const corpus = await makeCorpus(deps, [
    {
      id: "article",
      title: "Article",
      text: "Give 5 mg daily.",
      identifiers: ["pmid:4201"],
      links: [
        { kind: "erratum_in", sourceId: "4202", note: "J Fix" },
        { kind: "comment_in", sourceId: "4299", note: null },
        { kind: "update_in", sourceId: "doi:10.1000/x<y", note: null },
      ],
      ...copy,
    },
    {
      id: "erratum",
      title: "Erratum",
      text: "It should read 6 mg.",
      identifiers: ["pmid:4202"],
      links: [{ kind: "erratum_for", sourceId: "4201", note: null }],
    },
    { id: "copy", title: "Copy", text: "Give 5 mg daily!", ...copy },
    {
      id: "scan",
      title: "Scan",
      text: "Give S mg daily.",
      metadata: {
        ocr: [
          { page: 1, confidence: 0.9 },
          { page: 3, confidence: 0.87 },
        ],
      },
    },
  ]);
  const read = (id: string) => getDocumentBySource(deps, viewer.tenantId, corpus, id);
  const [article, erratum, copied, scan] = await Promise.all(["article", "erratum", "copy", "scan"].map(read));
  expect(article).toMatchObject({
    status: "current",
    statusChangedAt: null,
    corrections: [
      {
        kind: "erratum_in",
        name: "PMID 4202",
        note: "J Fix",
        document: { id: erratum?.id, title: "Erratum" },
        url: null,
      },
      { kind: "update_in", name: "DOI 10.1000/x<y", document: null, url: "https://doi.org/10.1000/x%3Cy" },
    ],
    relations: [{ kind: "comment_in", document: null, url: "https://pubmed.ncbi.nlm.nih.gov/4299/" }],
    clusterMembers: [{ id: copied?.id, title: "Copy" }],
    clusterSize: 2,
    ocr: null,
  });
  expect(erratum).toMatchObject({
    corrections: [],
    relations: [{ kind: "erratum_for", name: "PMID 4201", document: { title: "Article" } }],
    clusterMembers: [],
    clusterSize: 1,
  });
  expect(scan?.ocr).toEqual({ pages: [1, 3], confidence: 0.87 });
});

test("a store that is away is said to be away, not that the original is missing", async () => {
  const away = {
    ...deps,
    objects: {
      ...deps.objects,
      get: async () => {
        throw new StorageError({ code: "unavailable", backend: "s3", operation: "get", reason: "connection refused" });
      },
    },
  };
  await expect(openOriginal(away, viewer, shared.id, null)).rejects.toThrow(UnavailableError);
});

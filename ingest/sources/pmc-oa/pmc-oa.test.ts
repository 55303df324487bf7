import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { tarball } from "../testing/archives.ts";
import { type RunOptions, readAll, startRun } from "../testing/context.ts";
import { EntrezServer } from "../testing/eutils.ts";
import { send, sendFile, sendJson, sendStatus, serve } from "../testing/server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const jats = (id: string) =>
  `<?xml version="1.0"?><article><front><article-meta><article-id pub-id-type="pmc">${id}</article-id></article-meta></front></article>`;

async function setUp(handle: Parameters<typeof serve>[0], given: RunOptions = {}) {
  const server = await serve(handle);
  closing.push(server.close);
  const run = await startRun(server.url, { sourceType: "pmc", ...given });
  closing.push(run.close);
  return { server, run };
}

const changed = sourceRequest.parse({ kind: "pmc-oa", from: "2026-03-01" });
const byIds = (...ids: string[]) => sourceRequest.parse({ kind: "pmc-oa", ids });

function oa(inner: string): string {
  return `<?xml version="1.0"?>\n<OA><responseDate>2026-03-10 10:00:00</responseDate><request>https://www.ncbi.nlm.nih.gov/pmc/utils/oa/oa.fcgi</request>${inner}</OA>`;
}
function record(id: string, host: string, extra = 'retracted="no"'): string {
  return `<record id="${id}" citation="A Journal. 2026 Mar 1; 5:1" license="CC BY" ${extra}><link format="tgz" updated="2026-03-02 10:00:00" href="ftp://${host}/pub/pmc/oa_package/08/e0/${id}.tar.gz"/></record>`;
}

test("by the OA service: follows resumption tokens, reads packages by the web, marks the retracted", async () => {
  const { server, run } = await setUp(async (seen, response) => {
    const host = seen.headers.host ?? "";
    if (seen.path === "/oa/oa.fcgi" && !seen.parameters.has("resumptionToken")) {
      const link = `<link token="t!1" href="http://${host}/oa/oa.fcgi?resumptionToken=t!1"/>`;
      send(
        response,
        oa(
          `<records returned-count="1" total-count="2">${record("PMC1", host)}<resumption>${link}</resumption></records>`,
        ),
      );
    } else if (seen.path === "/oa/oa.fcgi") {
      send(
        response,
        oa(`<records returned-count="1" total-count="2">${record("PMC2", host, 'retracted="yes"')}</records>`),
      );
    } else {
      const id = /PMC\d+/.exec(seen.path)?.[0] ?? "";
      const files = [
        { name: `${id}/`, type: "directory" as const },
        { name: `${id}/fig.jpg`, content: "picture" },
      ];
      sendFile(seen, response, await tarball([...files, { name: `${id}/main.nxml`, content: jats(id) }]));
    }
  });
  const inputs = await readAll(run, changed);
  expect(inputs.map(({ key, file, text }) => [key, file, text])).toEqual([
    ["PMC1", "PMC1.nxml", jats("PMC1")],
    ["PMC2", "PMC2.nxml", jats("PMC2")],
  ]);
  expect(inputs.map(({ standing }) => standing?.status)).toEqual([undefined, "retracted"]);
  expect(server.seen[0]?.parameters.get("from")).toBe("2026-03-01");
  expect(server.seen[0]?.parameters.get("format")).toBe("tgz");
  expect(run.ends).toEqual([{ through: "2026-03-10", missing: [] }]);
  expect(await run.left()).toEqual([]);
});

test("by the OA service: a withdrawn or closed article is a failure with the service's reason", async () => {
  const { run } = await setUp((seen, response) => {
    const code = seen.parameters.get("id") === "PMC5" ? "idIsNotOpenAccess" : "idDoesNotExist";
    send(response, oa(`<error code="${code}">identifier '${seen.parameters.get("id")}' is not Open Access</error>`));
  });
  expect(await readAll(run, byIds("PMC5", "PMC6"))).toEqual([]);
  expect(run.failures).toMatchObject([
    { sourceId: "PMC5", reason: "the OA service says idIsNotOpenAccess: identifier 'PMC5' is not Open Access" },
    { sourceId: "PMC6", reason: expect.stringContaining("idDoesNotExist") },
  ]);
});

test("by the OA service: hostile and damaged packages are refused one by one, and tried again next time", async () => {
  const packages: Record<string, () => Promise<Buffer>> = {
    PMC1: () => tarball([{ name: "../../etc/evil.nxml", content: "x" }]),
    PMC2: () => tarball([{ name: "PMC2/a.nxml", type: "symlink", content: "/etc/passwd" }]),
    PMC3: () => tarball([{ name: "PMC3/a.nxml", content: "x".repeat(2_000_000) }]),
    PMC4: async () => (await tarball([{ name: "PMC4/a.nxml", content: jats("PMC4").repeat(500) }])).subarray(0, 80),
    PMC5: () => tarball([{ name: "PMC5/readme.txt", content: "nothing else" }]),
    PMC6: () => tarball([{ name: "PMC6/a.nxml", content: jats("PMC6") }]),
  };
  const { run } = await setUp(
    async (seen, response) => {
      const host = seen.headers.host ?? "";
      const ids = Object.keys(packages);
      if (seen.path === "/oa/oa.fcgi") {
        send(response, oa(`<records total-count="6">${ids.map((id) => record(id, host)).join("")}</records>`));
      } else send(response, (await packages[/PMC\d/.exec(seen.path)?.[0] ?? ""]?.()) ?? "");
    },
    { settings: { byteLimit: 1_000_000 } },
  );
  expect((await readAll(run, changed)).map(({ key }) => key)).toEqual(["PMC6"]);
  expect(run.failures.map(({ sourceId, code }) => [sourceId, code])).toEqual([
    ["PMC1", "forbidden"],
    ["PMC2", "forbidden"],
    ["PMC3", "forbidden"],
    ["PMC4", "malformed"],
    ["PMC5", "malformed"],
  ]);
  expect(run.ends).toEqual([{ through: "2026-03-10", missing: ["PMC1", "PMC2", "PMC3", "PMC4", "PMC5"] }]);
  expect(await run.left()).toEqual([]);
});

test("by the OA service: a link to another host is not followed; a changed form ends the run by name", async () => {
  const astray = await setUp((_seen, response) =>
    send(response, oa(`<records total-count="1">${record("PMC1", "evil.example")}</records>`)),
  );
  expect(await readAll(astray.run, changed)).toEqual([]);
  expect(astray.run.failures).toMatchObject([
    { sourceId: "PMC1", code: "forbidden", reason: expect.stringContaining("another host, evil.example") },
  ]);
  for (const [answer, reason] of [
    ["<html><body>moved</body></html>", "the root is html, where OA was expected"],
    [oa(""), "records: the answer has neither"],
    [oa('<records total-count="1"><record id="123"/></records>'), 'record.id: "123" is no PMC id'],
    [oa('<records total-count="3"></records>'), "0 of 3 were given"],
  ] as const) {
    const { run } = await setUp((_seen, response) => send(response, answer));
    await expect(readAll(run, changed)).rejects.toMatchObject({
      code: "changed_form",
      reason: expect.stringContaining(reason),
    });
    expect(run.ends).toEqual([]);
  }
});

interface CloudArticle {
  versions: number[];
  retracted?: boolean;
  open?: boolean;
  wrongMd5?: boolean;
}

function cloud(articles: Record<string, CloudArticle>): Parameters<typeof serve>[0] {
  const entrez = new EntrezServer(
    Object.keys(articles).map((id) => ({ id: Number(id.slice(3)), mdat: "2026-03-05", edat: "2026-03-05" })),
  );
  return (seen, response) => {
    if (seen.path.startsWith("/eutils/")) return entrez.answer(seen, response);
    const [, id = "", version = ""] = /(PMC\d+)\.(\d+)?/.exec(decodeURIComponent(seen.target)) ?? [];
    const article = articles[id];
    if (seen.parameters.get("list-type") === "2") {
      const keys = (article?.versions ?? []).map((one) => `<Contents><Key>metadata/${id}.${one}.json</Key></Contents>`);
      return send(
        response,
        `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>pmc-oa-opendata</Name><KeyCount>${keys.length}</KeyCount>${keys.join("")}</ListBucketResult>`,
      );
    }
    if (!article) return sendStatus(response, 404);
    if (!seen.path.startsWith("/bucket/metadata/"))
      return sendFile(seen, response, Buffer.from(jats(`${id}.${version}`)));
    const hash = createHash("md5")
      .update(article.wrongMd5 ? "" : jats(`${id}.${version}`))
      .digest("hex");
    sendJson(response, {
      pmcid: id,
      version: Number(version),
      is_pmc_openaccess: article.open ?? true,
      is_retracted: article.retracted ?? false,
      license_code: "CC BY",
      xml_url: `s3://pmc-oa-opendata/${id}.${version}/${id}.${version}.xml?md5=${hash}`,
    });
  };
}

async function setUpCloud(articles: Record<string, CloudArticle>, given: RunOptions = {}) {
  const handle = cloud(articles);
  const server = await serve(handle);
  closing.push(server.close);
  const settings = { pmcOaUrl: `${server.url}bucket/`, ...given.settings };
  const run = await startRun(server.url, { sourceType: "pmc", ...given, settings });
  closing.push(run.close);
  return { server, run };
}

test("by the cloud: what changed is asked of ESearch, the newest version is fetched and checked", async () => {
  const articles = {
    PMC1: { versions: [1, 10, 2] },
    PMC2: { versions: [1], retracted: true },
    PMC3: { versions: [1] },
  };
  const { server, run } = await setUpCloud(articles, { cursor: { through: "2026-03-04" }, done: ["PMC3"] });
  const inputs = await readAll(run, sourceRequest.parse({ kind: "pmc-oa" }));
  expect(inputs.map(({ key, text }) => [key, text])).toEqual([
    ["PMC1", jats("PMC1.10")],
    ["PMC2", jats("PMC2.1")],
  ]);
  expect(inputs.map(({ standing }) => standing?.status)).toEqual([undefined, "retracted"]);
  expect(server.seen[0]?.parameters.get("mindate")).toBe("2026/03/03");
  expect(server.seen[0]?.parameters.get("db")).toBe("pmc");
  expect(server.seen.filter(({ target }) => target.includes("PMC3"))).toEqual([]);
  expect(run.ends).toEqual([{ through: "2026-03-10", missing: [] }]);
});

test("by the cloud: withdrawn, closed and damaged articles are failures; the damaged are asked for next time", async () => {
  const articles = {
    PMC1: { versions: [] },
    PMC2: { versions: [1], open: false },
    PMC3: { versions: [1], wrongMd5: true },
  };
  const { run } = await setUpCloud(articles);
  expect(await readAll(run, changed)).toEqual([]);
  expect(run.failures.map(({ sourceId, reason }) => [sourceId, reason])).toEqual([
    ["PMC1", expect.stringContaining("withdrawn")],
    ["PMC2", expect.stringContaining("no open-access version")],
    ["PMC3", expect.stringContaining("its MD5 is")],
  ]);
  expect(run.ends).toEqual([{ through: "2026-03-10", missing: ["PMC3"] }]);
  const next = await setUpCloud({ PMC3: { versions: [1] } }, { cursor: run.ends[0], today: "2026-03-01" });
  expect((await readAll(next.run, sourceRequest.parse({ kind: "pmc-oa" }))).map(({ key }) => key)).toEqual(["PMC3"]);
  expect(await run.left()).toEqual([]);
});

test("by the cloud: metadata without its fields, or of a file elsewhere, is a changed form", async () => {
  for (const [body, reason] of [
    [{ pmcid: "PMC1", is_pmc_openaccess: true }, "is_retracted"],
    [
      { pmcid: "PMC1", is_pmc_openaccess: true, is_retracted: false, xml_url: "s3://b/PMC1.1/../PMC2.1.xml" },
      "is no file of PMC1.1",
    ],
    [{ pmcid: "PMC7", is_pmc_openaccess: true, is_retracted: false }, "pmcid: is PMC7, not PMC1"],
  ] as const) {
    const other = cloud({ PMC1: { versions: [1] } });
    const server = await serve((seen, response) =>
      seen.path.endsWith(".json") ? sendJson(response, body) : other(seen, response),
    );
    closing.push(server.close);
    const run = await startRun(server.url, { settings: { pmcOaUrl: `${server.url}bucket/` } });
    closing.push(run.close);
    await expect(readAll(run, byIds("PMC1"))).rejects.toMatchObject({
      code: "changed_form",
      reason: expect.stringContaining(reason),
    });
  }
});

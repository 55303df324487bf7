import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { App } from "./app.ts";

export interface Article {
  pmid: string;
  title: string;
  abstract: string | null;
  /** Of publication; 2026 unless given. */
  year?: number;
  publicationType?: string;
  /** A notice's own record says which it is about. */
  about?: [type: string, pmid: string];
}

/** A record as PubMed gives it. */
export function pubmedArticle(article: Article): string {
  const { pmid, title, abstract, year = 2026, publicationType = "Journal Article", about } = article;
  const link = about
    ? `<CommentsCorrectionsList><CommentsCorrections RefType="${about[0]}"><RefSource>J Fixt. 2026;1:1</RefSource><PMID Version="1">${about[1]}</PMID></CommentsCorrections></CommentsCorrectionsList>`
    : "";
  const text = abstract ? `<Abstract><AbstractText>${abstract}</AbstractText></Abstract>` : "";
  return `<PubmedArticle><MedlineCitation><PMID Version="1">${pmid}</PMID><Article><Journal><JournalIssue><PubDate><Year>${year}</Year></PubDate></JournalIssue><Title>Journal of Fixtures</Title></Journal><ArticleTitle>${title}</ArticleTitle>${text}<Language>eng</Language><PublicationTypeList><PublicationType>${publicationType}</PublicationType></PublicationTypeList></Article>${link}</MedlineCitation></PubmedArticle>`;
}

/** Takes records into the PubMed collection of the running application, by the command an operator uses. */
export async function takeIn(app: App, ...records: string[]): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "probatum-records-"));
  try {
    const file = join(directory, "records.xml");
    await writeFile(file, `<?xml version="1.0"?>\n<PubmedArticleSet>${records.join("\n")}</PubmedArticleSet>`);
    const { DATABASE_URL, REDIS_URL, S3_ENDPOINT, OBJECT_STORE, ...env } = process.env;
    await promisify(execFile)(process.execPath, ["cli/launch.mjs", "ingest/cli.ts", "pubmed_abstracts", file], {
      cwd: join(import.meta.dirname, ".."),
      env: { ...env, DATA_DIR: app.directory, LOG_LEVEL: "warn" },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

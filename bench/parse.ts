import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ingestFlags } from "../cli/ingest-flags.mjs";
import { type BenchRow, rowOf } from "./measure.ts";
import type { Comparison } from "./parse-compare.ts";

/** Megabytes of PubMed XML a second to documents, over those that saxes alone goes through. */
export function pubmedAgainstSaxes(signal?: AbortSignal): Promise<BenchRow> {
  return compared("pubmed", signal);
}

/** The same on generated records, which are alike on every machine. */
export function generatedPubmedAgainstSaxes(signal?: AbortSignal): Promise<BenchRow> {
  return compared("pubmed-generated", signal);
}

/** Megabytes of openFDA JSON a second cut and parsed to plain objects, over those that stream-json makes objects of. */
export function openFdaAgainstStreamJson(signal?: AbortSignal): Promise<BenchRow> {
  return compared("openfda", signal);
}

/** The same against stream-json as its README composes it. */
export function openFdaAgainstComposedStreamJson(signal?: AbortSignal): Promise<BenchRow> {
  return compared("openfda-composed", signal);
}

/** The same to whole documents: sections, tables as text, cleaned; stream-json still only makes plain objects. */
export function openFdaDocumentsAgainstStreamJson(signal?: AbortSignal): Promise<BenchRow> {
  return compared("openfda-documents", signal);
}

/** Peak memory of a process that parses 2 GB of PubMed XML, over that of one that parses 20 MB; options as ingests have. */
export function memoryOfParsing(signal?: AbortSignal): Promise<BenchRow> {
  return memoryOf("parsing", "parse-memory.ts", signal);
}

/** The same of a whole dry run, from the file to what would be written. */
export function memoryOfDryRun(signal?: AbortSignal): Promise<BenchRow> {
  return memoryOf("a dry run over", "dry-run-memory.ts", signal);
}

async function memoryOf(what: string, script: string, signal: AbortSignal | undefined): Promise<BenchRow> {
  const peak = async (bytes: number) => Number(await printedBy(script, [String(bytes)], ingestFlags, signal));
  const baseline = await peak(20_000_000);
  const value = await peak(2_000_000_000);
  return rowOf(`peak memory of ${what} 2 GB of PubMed XML against 20 MB`, "MiB", "embedded", { value, baseline });
}

/** In a process of its own: what the application loads slows promises down, and stream-json's tokens by half. */
async function compared(name: Comparison, signal: AbortSignal | undefined): Promise<BenchRow> {
  return JSON.parse(await printedBy("parse-compare.ts", [name], [], signal)) as BenchRow;
}

async function printedBy(
  script: string,
  parameters: string[],
  flags: string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const values = [...flags, join(import.meta.dirname, script), ...parameters];
  const { stdout } = await promisify(execFile)(process.execPath, values, signal ? { signal } : {});
  return stdout;
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordError } from "../record-error.ts";
import { LimitedProcess } from "./limited-process.ts";
import type {
  Failure,
  PdfReading,
  ReadAnswer,
  ReadRequest,
  RecogniseAnswer,
  RecogniseRequest,
  Recognition,
  ScannedPage,
} from "./types.ts";

export interface ReaderSettings {
  /** For the text of one file. */
  timeLimitMs: number;
  /** For the recognition of one page, and of all pages of one file. */
  pageTimeLimitMs: number;
  recognitionTimeLimitMs: number;
  /** Heap and whole memory of either process, in MiB; never both at once. */
  heapLimitMb: number;
  memoryLimitMb: number;
  idleMs: number;
}

export const defaultReaderSettings: ReaderSettings = {
  timeLimitMs: 180_000,
  pageTimeLimitMs: 60_000,
  recognitionTimeLimitMs: 1_800_000,
  heapLimitMb: 512,
  memoryLimitMb: 640,
  idleMs: 3_000,
};

/** After so many pages that killed or hung the recogniser the file is not worth another. */
const lossLimit = 3;

/**
 * Reads PDFs one at a time: their text in one process, the pages that are pictures in another, which alone decodes
 * pictures and runs native code. The two never run at once, so their memory does not add up.
 */
export class PdfReader {
  private readonly settings: ReaderSettings;
  private readonly text: LimitedProcess<ReadRequest, ReadAnswer>;
  private readonly pictures: LimitedProcess<RecogniseRequest, RecogniseAnswer>;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(settings: ReaderSettings = defaultReaderSettings) {
    this.settings = settings;
    this.text = new LimitedProcess("worker.ts", { ...settings, permissions: [] });
    this.pictures = new LimitedProcess("ocr-worker.ts", { ...settings, permissions: ["--allow-addons"] });
  }

  /** Throws RecordError: `encrypted`, `malformed`, `no_text`, `too_large`, `timeout`. */
  async read(bytes: Uint8Array): Promise<PdfReading> {
    const turn = this.queue.then(() => this.readFile(bytes));
    this.queue = turn.catch(() => undefined);
    return await turn;
  }

  close(): void {
    this.text.close();
    this.pictures.close();
  }

  /** Both processes take the file from disk: sent by message its bytes would be held three times. */
  private async readFile(bytes: Uint8Array): Promise<PdfReading> {
    const directory = await mkdtemp(join(tmpdir(), "pdf-"));
    try {
      const path = join(directory, "file.pdf");
      await writeFile(path, bytes, { mode: 0o600 });
      const first = await this.ask({ path, recognition: null });
      if (first.kind === "reading") return first.reading;
      const recognition = await this.recognise(path, first.pages);
      const second = await this.ask({ path, recognition });
      if (second.kind === "reading") return second.reading;
      throw new Error("a reading with its recognised pages asked for more of them");
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private async ask(request: ReadRequest): Promise<Exclude<ReadAnswer, Failure>> {
    this.pictures.close();
    const answer = await this.text.ask(request, this.settings.timeLimitMs);
    if (answer.kind === "failure") throw new RecordError(answer.code, `the PDF cannot be read: ${answer.reason}`);
    return answer;
  }

  private async recognise(path: string, pages: readonly ScannedPage[]): Promise<Recognition> {
    this.text.close();
    const recognition: Recognition = { recognised: [], unread: [] };
    const end = Date.now() + this.settings.recognitionTimeLimitMs;
    let losses = 0;
    for (const scanned of pages) {
      if (losses >= lossLimit) {
        recognition.unread.push({ page: scanned.page, reason: "pages before it could not be recognised" });
        continue;
      }
      const left = end - Date.now();
      if (left <= 0) {
        const minutes = this.settings.recognitionTimeLimitMs / 60_000;
        throw new RecordError("timeout", `its ${pages.length} scanned pages were not recognised within ${minutes} min`);
      }
      const answer = await this.pictures.ask({ path, ...scanned }, Math.min(left, this.settings.pageTimeLimitMs));
      if (answer.kind === "recognised") recognition.recognised.push(answer.page);
      else if (answer.kind !== "text") recognition.unread.push({ page: scanned.page, reason: answer.reason });
      if (answer.kind === "failure") losses += 1;
    }
    this.pictures.close();
    return recognition;
  }
}

import { record } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { checkId } from "../conversations/input.ts";
import type { Deps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { docx } from "./docx.ts";
import { type ExportedConversation, gatherExport } from "./gather.ts";
import { markdown } from "./markdown.ts";
import { pdf } from "./pdf.ts";
import { plainText } from "./plain-text.ts";
import { bibtex, cslJson, ris } from "./references.ts";

type Writer = {
  mediaType: string;
  extension: string;
  write: (conversation: ExportedConversation) => string | Uint8Array | Promise<Uint8Array>;
};

const items = ({ references }: ExportedConversation) => references.map(({ item }) => item);

/** Every form in which a conversation, or its sources, can be taken away. */
const writers = {
  pdf: { mediaType: "application/pdf", extension: "pdf", write: pdf },
  docx: {
    mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    extension: "docx",
    write: docx,
  },
  markdown: { mediaType: "text/markdown; charset=utf-8", extension: "md", write: markdown },
  text: { mediaType: "text/plain; charset=utf-8", extension: "txt", write: plainText },
  json: {
    mediaType: "application/json",
    extension: "json",
    write: (conversation) => `${JSON.stringify(conversation, null, 2)}\n`,
  },
  ris: {
    mediaType: "application/x-research-info-systems; charset=utf-8",
    extension: "ris",
    write: (conversation) => ris(items(conversation)),
  },
  bibtex: {
    mediaType: "application/x-bibtex; charset=utf-8",
    extension: "bib",
    write: (conversation) => bibtex(items(conversation)),
  },
  csl: {
    mediaType: "application/vnd.citationstyles.csl+json",
    extension: "csl.json",
    write: (conversation) => cslJson(items(conversation)),
  },
} satisfies Record<string, Writer>;

export type ExportFormat = keyof typeof writers;
export const exportFormats = Object.keys(writers) as ExportFormat[];

export interface ExportedFile {
  fileName: string;
  mediaType: string;
  bytes: Uint8Array;
}

/**
 * A conversation as it opens (as JSON with all its branches), or one answer of it with its question, written out with numbered references; or its sources alone.
 * @throws InvalidInputError for an unknown form, NotFoundError when it is not the viewer's to read
 */
export async function exportConversation(
  deps: Pick<Deps, "database" | "objects">,
  viewer: Viewer,
  conversationId: string,
  options: { format: string; messageId?: string | undefined },
): Promise<ExportedFile> {
  const { format, messageId } = options;
  if (!Object.hasOwn(writers, format)) {
    throw new InvalidInputError(`There is no form “${format}”. There are: ${exportFormats.join(", ")}.`);
  }
  checkId(conversationId, "The conversation");
  if (messageId !== undefined) checkId(messageId, "The answer");
  const { mediaType, extension, write } = writers[format as ExportFormat];
  const conversation = await gatherExport(deps, viewer, conversationId, { messageId, wholly: format === "json" });
  await record(deps, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: "conversation.export",
    subjectType: "conversation",
    subjectId: conversationId,
    details: { format, ...(messageId !== undefined && { message: messageId }) },
  });
  const written = await write(conversation);
  return {
    fileName: `${fileStem(conversation.title)}.${extension}`,
    mediaType,
    bytes: typeof written === "string" ? new TextEncoder().encode(written) : written,
  };
}

/** A title as a file name that every system takes. */
function fileStem(title: string): string {
  const stem = title
    .normalize("NFKD")
    .replace(/[^\w-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return stem || "conversation";
}

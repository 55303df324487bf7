import { RecordError } from "../parse/record-error.ts";
import { parseXml } from "../parse/xml/parse.ts";
import type { XmlElement } from "../parse/xml/tree.ts";
import { SourceError } from "./source-error.ts";

/** XML declaration, document type without declarations of its own, comments. */
const prolog = /^(?:\s+|\ufeff|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*>|<!--[\s\S]*?-->)+/i;

/** An XML answer as a tree. @throws SourceError `changed_form` when it is no XML or has another root */
export function parseXmlAnswer(url: URL, text: string, root: string): XmlElement {
  try {
    const element = parseXml(Buffer.from(text.replace(prolog, "")));
    if (element.name === root) return element;
    throw new SourceError("changed_form", url, `the root is ${element.name}, where ${root} was expected`);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new SourceError("changed_form", url, error.message, { cause: error });
  }
}

import { Parser } from "htmlparser2";
import { blocksOf } from "./blocks.ts";
import type { XmlElement } from "./xml/tree.ts";

const depthLimit = 200;

/** HTML as the same tree the XML formats use; never fails, closes what is left open, flattens past 200 levels. */
export function parseHtml(html: string): XmlElement {
  const root: XmlElement = { name: "body", attributes: {}, children: [] };
  const stack = [root];
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        const element: XmlElement = { name, attributes, children: [] };
        stack.at(-1)?.children.push(element);
        stack.push(stack.length < depthLimit ? element : (stack.at(-1) ?? root));
      },
      ontext: (text) => stack.at(-1)?.children.push(text),
      onclosetag: () => {
        if (stack.length > 1) stack.pop();
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.end(html);
  return root;
}

/** The blocks of an HTML fragment as final text. */
export function htmlBlocks(html: string): string[] {
  return blocksOf(parseHtml(html));
}

import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import { characterOf } from "./characters.ts";
import { parseXml } from "./parse.ts";
import type { XmlElement, XmlNode } from "./tree.ts";

const record = `<Rec Version="1" note='a "quoted" &amp; b'><?sort key?><!-- a remark --><ID>7</ID>
<m:math xmlns:m="u"><m:mi>x</m:mi></m:math><Title>Dose &lt; 5&#160;mg &alpha;<i>in vivo</i> ]] &#x3BC;g</Title><Empty/><Empty a="1" />
<Text><![CDATA[5 < 6 & ]] 7]]> tail</Text><List><List><Item é="ü">ärztlich</Item></List></List></Rec >`;

const bytesOf = (xml: string) => new TextEncoder().encode(xml);

/** The same tree by a parser that others wrote; throws what it calls not well-formed. */
function reference(xml: string): XmlElement {
  const parser = new SaxesParser();
  parser.ENTITIES = new Proxy({} as Record<string, string>, {
    get: (_, name) => (typeof name === "string" ? (characterOf(name, new Map()) ?? undefined) : undefined),
  });
  const top: XmlElement = { name: "", attributes: {}, children: [] };
  const open = [top];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name: name.slice(name.indexOf(":") + 1), attributes: { ...attributes }, children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", (text) => open.at(-1)?.children.push(text));
  parser.on("cdata", (text) => open.at(-1)?.children.push(text));
  parser.write(xml).close();
  return top.children.find((node) => typeof node !== "string") as XmlElement;
}

/** With neighbouring texts as one: where a parser cuts them is its own matter. */
function joined(node: XmlNode): unknown {
  if (typeof node === "string") return node;
  const children: unknown[] = [];
  for (const child of node.children.map(joined)) {
    if (typeof child === "string" && typeof children.at(-1) === "string") children[children.length - 1] += child;
    else if (child !== "") children.push(child);
  }
  return { name: node.name, attributes: node.attributes, children };
}

function outcome(parse: () => XmlElement): unknown {
  try {
    return joined(parse());
  } catch {
    return "not well-formed";
  }
}

test("gives the tree that a strict parser gives, line ends of every system included", () => {
  for (const xml of [record, record.replaceAll("\n", "\r\n"), record.replaceAll("\n", "\r")]) {
    expect(joined(parseXml(bytesOf(xml)))).toEqual(joined(reference(xml)));
  }
});

test("refuses what a strict parser refuses, wherever a character is changed, lost or doubled", () => {
  const characters = `<>&"'/ =a;!?-]:\u0001\u00E9`;
  let refused = 0;
  for (let at = 0; at < record.length; at += 1) {
    const changed = [...characters].map((character) => record.slice(0, at) + character + record.slice(at + 1));
    for (const xml of [...changed, record.slice(0, at) + record.slice(at + 1), record.slice(0, at)]) {
      // saxes takes "<?a?b?>" for an instruction; XML 1.0 (production 16) does not.
      if (!xml.startsWith("<") || /<\?\w+\?[^>]/.test(xml)) continue;
      const expected = outcome(() => reference(xml));
      if (expected === "not well-formed") refused += 1;
      expect(
        outcome(() => parseXml(bytesOf(xml))),
        xml,
      ).toEqual(expected);
    }
  }
  expect(refused).toBeGreaterThan(1000);
});

test("leaves out the elements a format has no use for, but never text between them", () => {
  const xml = "<R><A>1</A><S><S>x</S><B>y & z</B></S><A>2</A><S/><Sx>3</Sx></R>";
  const skipping = (text: string) => joined(parseXml(bytesOf(text), new Map(), new Set("S")));
  expect(skipping(xml.replace("<S/>", ""))).toEqual(joined(reference("<R><A>1</A><A>2</A><Sx>3</Sx></R>")));
  expect(outcome(() => parseXml(bytesOf("<R><S>x<A>1</A></R>"), new Map(), new Set("S")))).toBe("not well-formed");
  const hidden = "<R><A><![CDATA[<S>]]>1</A><S>x</S></R>";
  expect(skipping(hidden)).toEqual(joined(reference(hidden)));
});

test("nesting past the limit is refused, and hostile names are only names", () => {
  expect(outcome(() => parseXml(bytesOf("<a>".repeat(500) + "</a>".repeat(500))))).toBe("not well-formed");
  const element = parseXml(bytesOf('<r constructor="1"><__proto__ toString="2"/></r>'));
  expect(element.attributes).toEqual({ constructor: "1" });
  expect(element.children).toMatchObject([{ name: "__proto__", attributes: { toString: "2" } }]);
});

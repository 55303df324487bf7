import { childrenOf, isElement, rawText, type XmlElement } from "./xml/tree.ts";

/** MathML in one line of plain text: fractions as (a)/(b), powers as a^b, indices as a_b. */
export function mathText(math: XmlElement): string {
  return render(math).replace(/\s+/g, " ").trim();
}

function render(element: XmlElement): string {
  const parts = childrenOf(element);
  const part = (index: number) => (parts[index] ? render(parts[index]) : "");
  switch (element.name) {
    case "mi":
    case "mn":
    case "ms":
    case "mtext":
      return rawText(element).trim();
    case "mo":
      return operator(rawText(element).trim());
    case "mspace":
      return " ";
    case "mfrac":
      return `${group(part(0))}/${group(part(1))}`;
    case "msup":
    case "mover":
      return isAccent(part(1)) ? part(0) + part(1) : `${group(part(0))}^${group(part(1))}`;
    case "msub":
    case "munder":
      return `${group(part(0))}_${group(part(1))}`;
    case "msubsup":
    case "munderover":
      return `${group(part(0))}_${group(part(1))}^${group(part(2))}`;
    case "msqrt":
      return `√(${renderAll(parts)})`;
    case "mroot":
      return `(${part(0)})^(1/${group(part(1))})`;
    case "mfenced":
      return `${element.attributes.open ?? "("}${parts.map(render).join(", ")}${element.attributes.close ?? ")"}`;
    case "mtable":
      return parts.map(render).join("; ");
    case "mtr":
      return parts.map(render).join(" ");
    case "semantics":
      return part(0);
    case "annotation":
    case "annotation-xml":
    case "mphantom":
      return "";
    default:
      return parts.length > 0
        ? renderAll(parts)
        : element.children.map((node) => (isElement(node) ? "" : node)).join("");
  }
}

function renderAll(parts: XmlElement[]): string {
  return parts.map(render).join("");
}

function operator(text: string): string {
  if (/^[=<>≤≥≈±+×·÷→∼≠∈−-]$/u.test(text)) return ` ${text} `;
  if (text === ",") return ", ";
  // Invisible operators: function application, times, separator, plus.
  return /^[\u2061-\u2064]$/u.test(text) ? "" : text;
}

function isAccent(text: string): boolean {
  const code = text.codePointAt(0) ?? 0;
  return text.length === 1 && ((code >= 0x302 && code <= 0x36f) || "\u00AF\u02C6^~˜→′'*".includes(text));
}

function group(text: string): string {
  return /^(?:[\p{L}\p{N}.]+|\(.*\)|.)$/su.test(text) ? text : `(${text.trim()})`;
}

/** Content of an element: text, nested elements, or several elements of the same name. */
export type XmlValue =
  | string
  | number
  | boolean
  | { readonly [name: string]: XmlValue }
  | readonly XmlValue[];

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" } as const;

const escapeText = (text: string): string =>
  text
    .replace(/[&<>"]/g, (c) => entities[c as keyof typeof entities])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 (section 2.2) cannot express these
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
    .replace(/\r/g, "&#13;");

/** One element as XML; an array becomes one element per item. */
export function element(name: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join("");
  const inner =
    typeof value === "object"
      ? Object.entries(value)
          .map(([child, content]) => element(child, content))
          .join("")
      : escapeText(String(value));
  return `<${name}>${inner}</${name}>`;
}

/** A document in S3's namespace. */
export function xmlDocument(name: string, value: XmlValue): string {
  const body = element(name, value).replace(
    `<${name}>`,
    `<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

/** The inner XML of each element of this name, in order. Elements of one name are never nested in S3's requests. */
export function innerXml(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([^]*?)</${name}>`, "g");
  return [...xml.matchAll(pattern)].map((match) => match[1] ?? "");
}

/** The text of each element of this name, in order. */
export function texts(xml: string, name: string): string[] {
  return innerXml(xml, name).map((inner) =>
    inner
      .trim()
      .replace(/&(lt|gt|quot|apos|#34|#39);/g, (_, entity: string) =>
        entity === "lt" ? "<" : entity === "gt" ? ">" : entity === "quot" || entity === "#34" ? '"' : "'",
      )
      .replaceAll("&amp;", "&"),
  );
}

import type { View } from "../cursor.ts";
import type { Format } from "../formats.ts";

/** Tested in order on the text after byte order mark and white space. */
const textKinds: readonly (readonly [RegExp, Format])[] = [
  [/^<\?xml[\s\S]*?<(!DOCTYPE\s+)?svg[\s>]/i, "svg"],
  [/^<(!DOCTYPE\s+)?svg[\s>]/i, "svg"],
  [/^<\?xml[\s\S]*?<(!DOCTYPE\s+)?html[\s>]/i, "html"],
  [/^<\?xml\s/i, "xml"],
  [
    /^<(!doctype\s+html|!--|(html|head|body|script|meta|title|style|iframe|div|table|center|h1|p|br|a)[\s/>])/i,
    "html",
  ],
  [/^<[a-z][\w:.-]*[\s/>]/i, "xml"],
  [/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\//, "git-lfs-pointer"],
  [/^(\{\s*("|\}|$)|\[\s*([[{"\]\d-]|true|false|null|$))/, "json"],
];

/** HTML, XML, SVG, JSON, PDF, a Git LFS pointer or other text; null for bytes that are not text. */
export function sniffText(head: View, whole: boolean): Format | null {
  const bytes = new Uint8Array(head.buffer, head.byteOffset, head.byteLength);
  const wide = head.byteLength > 1 ? head.getUint16(0) : 0;
  const encoding = wide === 0xfffe ? "utf-16le" : wide === 0xfeff ? "utf-16be" : "utf-8";
  let content: string;
  try {
    // In stream mode a character cut by the end of the window is no error.
    content = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    // Latin-1 pages and PDFs: their first bytes are ASCII.
    content = String.fromCharCode(...bytes.subarray(0, 1024));
    if (content.includes("%PDF-")) return "pdf";
    return /^\s*</.test(content) && !content.includes("\0") ? kindOf(content) : null;
  }
  if (content.slice(0, 1024).includes("%PDF-")) return "pdf";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text is what has none of them
  return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(content)
    ? null
    : (kindOf(content) ?? (content.trim() ? "text" : null));
}

function kindOf(content: string): Format | null {
  let rest = content.trimStart();
  while (rest.startsWith("<!--")) {
    const end = rest.indexOf("-->");
    if (end < 0) return "html";
    rest = rest.slice(end + 3).trimStart();
  }
  return textKinds.find(([test]) => test.test(rest))?.[1] ?? null;
}

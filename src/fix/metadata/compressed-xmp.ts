/** Keyword of XMP in the text chunks of PNG: XMP part 3, 1.1.5. libvips writes it compressed. */
const keyword = "XML:com.adobe.xmp\0";

/** Characters that a packet may inflate to. Longer ones are unknown. */
const maxCharacters = 2 * 2 ** 20;

/**
 * The XMP packet of a PNG that is compressed: in zTXt or in iTXt (PNG 3rd edition, 11.3.3). Empty where there is none.
 * @param text the start of the file, a character for each byte
 */
export async function compressedXmp(text: string): Promise<string> {
  if (!text.startsWith("\x89PNG")) return "";
  const at = text.search(/(?:zTXt|iTXt)XML:com\.adobe\.xmp\0/);
  if (at < 4) return "";
  const size = [0, 1, 2, 3].reduce((sum, n) => sum * 256 + text.charCodeAt(at - 4 + n), 0);
  const data = text.slice(at + 4 + keyword.length, at + 4 + size);
  if (text.startsWith("zTXt", at)) return await inflate(data.slice(1));
  // Compression flag and method, then language and translated keyword, each ended by a zero byte.
  const names = /^[^\0]*\0[^\0]*\0/.exec(data.slice(2));
  return names && data.charCodeAt(0) === 1 ? await inflate(data.slice(2 + names[0].length)) : "";
}

async function inflate(data: string): Promise<string> {
  const bytes = Uint8Array.from(data, (c) => c.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  let out = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return out;
      if (out.length + value.length > maxCharacters) return "";
      for (let start = 0; start < value.length; start += 8192)
        out += String.fromCharCode(...value.subarray(start, start + 8192));
    }
  } catch {
    return ""; // damaged
  } finally {
    await reader.cancel().catch(() => {});
  }
}

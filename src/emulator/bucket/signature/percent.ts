/** Decodes percent-encoded octets; what is no valid escape stays as it is. The text is a request target: Latin-1. */
export function percentDecode(text: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const hex = text[i] === "%" ? /^[0-9a-f]{2}$/i.exec(text.slice(i + 1, i + 3)) : null;
    bytes.push(hex ? Number.parseInt(hex[0], 16) : text.charCodeAt(i) & 0xff);
    if (hex) i += 2;
  }
  return Buffer.from(bytes);
}

/**
 * `UriEncode` of Signature Version 4: every byte but the unreserved ones of RFC 3986 becomes %XY in upper case; "/" is
 * kept in a path ("Authenticating Requests: Using the Authorization Header", read 2026-11).
 */
export function uriEncode(bytes: Buffer | string, keepSlash = false): string {
  let out = "";
  for (const byte of typeof bytes === "string" ? Buffer.from(bytes) : bytes) {
    const character = String.fromCharCode(byte);
    const unreserved = /[A-Za-z0-9\-._~]/.test(character) || (keepSlash && character === "/");
    out += unreserved ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

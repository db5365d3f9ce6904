/** Hexadecimal of bytes in base64; null if they are not 32 bytes: not a SHA-256. */
export function hexOfBase64(text: string | null): string | null {
  if (text === null || !/^[A-Za-z0-9+/]{43}=$/.test(text)) return null;
  return Array.from(atob(text), (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** Base64 of bytes in hexadecimal. */
export function base64OfHex(hex: string): string {
  return btoa(
    (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join(""),
  );
}

/** A multipart/form-data body with one file. */
export interface Multipart {
  head: Uint8Array<ArrayBuffer>;
  file: Blob;
  tail: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** Bytes of all three. */
  size: number;
}

/**
 * One part named `file` (RFC 7578), assembled here because Node's fetch copies a FormData body into memory (measured: a
 * 1.5 GB file takes 1.5 GB of memory).
 */
export function multipart(file: Blob, filename: string, contentType: string): Multipart {
  // A Blob's type is lower-cased, so the boundary must be so from the start.
  const random = crypto.getRandomValues(new Uint8Array(16));
  const boundary = `media-preflight-${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const encoder = new TextEncoder();
  const head = encoder.encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(filename)}"\r\n` +
      `Content-Type: ${contentType}\r\n\r\n`,
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  return {
    head,
    file,
    tail,
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: head.byteLength + file.size + tail.byteLength,
  };
}

/**
 * A name in a header: UTF-8 as it is, quotes and line ends percent-encoded (HTML, "multipart/form-data encoding
 * algorithm"; RFC 7578, section 4.2, forbids `filename*`). Some parsers take a backslash for an escape.
 */
function quoted(name: string): string {
  return name.replace(/["\r\n\\]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** The last part of a path, without control characters, shortened to 120 characters with its extension. */
export function cleanFilename(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  const withoutControls = base.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "");
  const clean = withoutControls.normalize("NFC").trim().replace(/^\.+/, "");
  const characters = [...clean];
  if (characters.length <= 120) return clean;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? "";
  return characters.slice(0, 120 - extension.length).join("") + extension;
}

/** Whether a text may be a Content-Type: type/subtype and nothing that could end the line. */
export function isMediaType(text: string): boolean {
  return /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,80}(?:; ?[\w-]+=[\w"., -]+)*$/.test(text);
}

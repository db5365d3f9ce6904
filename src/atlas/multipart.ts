/** A multipart/form-data body of one file, and where the file's bytes begin in it. */
export interface Multipart {
  body: Blob;
  /** Bytes before the file's. */
  headBytes: number;
}

/**
 * One part named `file` (RFC 7578), put together by hand: the parts of a Blob are read as they are sent, whereas
 * a FormData body ends up in memory whole in Node's fetch (measured: 1.5 GB of file, 1.5 GB of memory).
 */
export function multipart(file: Blob, filename: string, contentType: string): Multipart {
  // A Blob's type is lower-cased, so the boundary must be so from the start.
  const random = crypto.getRandomValues(new Uint8Array(16));
  const boundary = `media-preflight-${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const head = new TextEncoder().encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(filename)}"\r\n` +
      `Content-Type: ${contentType}\r\n\r\n`,
  );
  const body = new Blob([head, file, `\r\n--${boundary}--\r\n`], {
    type: `multipart/form-data; boundary=${boundary}`,
  });
  return { body, headBytes: head.byteLength };
}

/**
 * A name in a header: UTF-8 as it is, quotes and line ends percent-encoded (HTML, "multipart/form-data encoding
 * algorithm"; RFC 7578 section 4.2 forbids `filename*`). A backslash would escape for some readers.
 */
function quoted(name: string): string {
  return name.replace(/["\r\n\\]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** The last part of a path, without control characters, at most 120 characters, its extension kept. */
export function cleanFilename(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  const bare = base.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "");
  const clean = bare.normalize("NFC").trim().replace(/^\.+/, "");
  const letters = [...clean];
  if (letters.length <= 120) return clean;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? "";
  return letters.slice(0, 120 - extension.length).join("") + extension;
}

/** Whether a text may stand as a Content-Type: type/subtype and nothing that could end the line. */
export function isMediaType(text: string): boolean {
  return /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,80}(?:; ?[\w-]+=[\w"., -]+)*$/.test(text);
}

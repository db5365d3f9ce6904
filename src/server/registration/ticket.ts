import type { Kind } from "../../facts/formats.ts";

/** The content of an opaque id: everything that the handler needs later, so that it stores nothing. */
export interface Ticket {
  use: "upload" | "asset" | "incoming";
  /** The upload's URL, or the asset's id; in the user's own bucket, the key of the object. */
  ref: string;
  /** Of an upload: whether it is in the user's own bucket. */
  stored?: boolean | undefined;
  /** Of a signed upload: what was announced, and by which origin. */
  incoming?: SignedUpload | undefined;
  /** Unique, also among tickets for the same upload or asset. */
  nonce: string;
  kind: Kind;
  /** The label that it was issued to. */
  label: string | null;
  /** Milliseconds since the epoch. */
  expires: number;
  /** The handler that issued it, by its random id. */
  issuer: string;
  /** Of an upload: SHA-256 of its bytes in hexadecimal. */
  sha256: string | null;
  /** Of an upload: the file's name, or "". */
  filename: string;
}

/** An upload that a page may send to the user's own bucket. */
export interface SignedUpload {
  /** Bytes. */
  size: number;
  /** Media type, as announced and signed. */
  contentType: string;
  /** The page's origin; null for a caller that is no page. */
  origin: string | null;
  /** The bucket's id of an upload in parts; null for one in a single request. */
  parts: string | null;
}

/** Issues and reads opaque ids. */
export interface Tickets {
  issue(ticket: Ticket): Promise<string>;
  /** Null if it is invalid, another label's, of another use, or expired: callers cannot find out which. */
  read(id: string, use: Ticket["use"], label: string | null): Promise<Ticket | null>;
}

const ivBytes = 12;
const maxIdLength = 8192;

/**
 * Ids encrypted with AES-256-GCM (NIST SP 800-38D), so that others can neither read nor make them. The first secret
 * encrypts, all of them decrypt; without any, a random key is used, and ids are valid in this process only.
 */
export function createTickets(secrets: readonly string[]): Tickets {
  let importing: Promise<CryptoKey[]> | undefined;
  const keys = (): Promise<CryptoKey[]> => {
    importing ??= Promise.all(secrets.length === 0 ? [importKey(null)] : secrets.map(importKey));
    return importing;
  };
  return {
    async issue(ticket) {
      const [key] = await keys();
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const plain = new TextEncoder().encode(JSON.stringify(ticket));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key as CryptoKey, plain);
      const bytes = new Uint8Array(ivBytes + sealed.byteLength);
      bytes.set(iv);
      bytes.set(new Uint8Array(sealed), ivBytes);
      return toBase64Url(bytes);
    },
    async read(id, use, label) {
      if (id.length > maxIdLength || !/^[\w-]+$/.test(id)) return null;
      for (const key of await keys()) {
        const ticket = await open(id, key);
        if (ticket === null) continue;
        const valid = ticket.use === use && ticket.label === label && Date.now() < ticket.expires;
        return valid ? ticket : null;
      }
      return null;
    },
  };
}

async function open(id: string, key: CryptoKey): Promise<Ticket | null> {
  try {
    const bytes = fromBase64Url(id);
    const iv = bytes.subarray(0, ivBytes);
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(ivBytes));
    return JSON.parse(new TextDecoder().decode(opened)) as Ticket;
  } catch {
    return null;
  }
}

async function importKey(secret: string | null): Promise<CryptoKey> {
  const raw =
    secret === null
      ? crypto.getRandomValues(new Uint8Array(32))
      : await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`media-preflight ticket ${secret}`));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

import type { Kind } from "../facts/formats.ts";

/** What stands behind an opaque id: all the handler needs to know later, so that it need not remember. */
export interface Ticket {
  use: "upload" | "asset";
  /** The upload's address, or the asset's id. */
  ref: string;
  /** Unique: two tickets for one thing differ. */
  nonce: string;
  kind: Kind;
  /** Whom it was issued to, by `authorize`. */
  label: string | null;
  /** Epoch milliseconds. */
  expires: number;
}

/** Issues and reads opaque ids. */
export interface Tickets {
  issue(ticket: Ticket): Promise<string>;
  /** Null: not one of ours, another's, of another use, or expired. All the same to who asks. */
  read(id: string, use: Ticket["use"], label: string | null): Promise<Ticket | null>;
}

const ivBytes = 12;
const largestId = 8192;

/**
 * Ids that are sealed with AES-256-GCM (NIST SP 800-38D): they can be neither read nor made by others. Without a
 * secret a random key is used, and ids end with the process.
 */
export function createTickets(secret: string | undefined): Tickets {
  let made: Promise<CryptoKey> | undefined;
  const key = (): Promise<CryptoKey> => {
    made ??= importKey(secret);
    return made;
  };
  return {
    async issue(ticket) {
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const plain = new TextEncoder().encode(JSON.stringify(ticket));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), plain);
      const bytes = new Uint8Array(ivBytes + sealed.byteLength);
      bytes.set(iv);
      bytes.set(new Uint8Array(sealed), ivBytes);
      return toBase64Url(bytes);
    },
    async read(id, use, label) {
      if (id.length > largestId || !/^[\w-]+$/.test(id)) return null;
      try {
        const bytes = fromBase64Url(id);
        const iv = bytes.subarray(0, ivBytes);
        const opened = await crypto.subtle.decrypt(
          { name: "AES-GCM", iv },
          await key(),
          bytes.subarray(ivBytes),
        );
        const ticket = JSON.parse(new TextDecoder().decode(opened)) as Ticket;
        const good = ticket.use === use && ticket.label === label && Date.now() < ticket.expires;
        return good ? ticket : null;
      } catch {
        return null;
      }
    },
  };
}

async function importKey(secret: string | undefined): Promise<CryptoKey> {
  const raw =
    secret === undefined
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

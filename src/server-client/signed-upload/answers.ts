import { MediaPreflightError } from "../../errors.ts";

/** A request to the bucket that the handler has signed. */
export interface SignedPut {
  url: string;
  method: "PUT";
  headers: Readonly<Record<string, string>>;
}

/** How the handler lets a file be uploaded: in one piece, or in parts. */
export type SignedUpload = { id: string } & ({ put: SignedPut } | { parts: { size: number; count: number } });

const noUpload = new MediaPreflightError("protocol", "the server answered without a signed upload", {
  hint: "is the endpoint that of media-preflight/server?",
});

/** @throws MediaPreflightError `protocol` */
export function signedUploadOf(answer: unknown): SignedUpload {
  const { id, put, parts } = (answer as { upload?: Record<string, unknown> } | null)?.upload ?? {};
  if (typeof id !== "string" || !/^[\w-]+$/.test(id)) throw noUpload;
  if (put !== undefined) return { id, put: putOf(put) };
  const { size, count } = (parts ?? {}) as { size?: unknown; count?: unknown };
  if (!isCount(size) || !isCount(count)) throw noUpload;
  return { id, parts: { size, count } };
}

/** The signed PUT of a part; null if the bucket has it. @throws MediaPreflightError `protocol` */
export function signedPartOf(answer: unknown): SignedPut | null {
  const { part } = (answer ?? {}) as { part?: { put?: unknown } };
  if (part?.put === undefined) throw noUpload;
  return part.put === null ? null : putOf(part.put);
}

function putOf(value: unknown): SignedPut {
  const { url, method, headers } = (value ?? {}) as Partial<SignedPut>;
  const valid = typeof url === "string" && /^https?:\/\//.test(url) && method === "PUT";
  if (!valid || typeof headers !== "object" || headers === null) throw noUpload;
  return { url, method, headers };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

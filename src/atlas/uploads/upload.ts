import { callSafely } from "../../async/call-safely.ts";
import { isNodeLike } from "../../bytes/url/runtime.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Envelope } from "../http/envelope.ts";
import { multipart } from "../http/multipart.ts";
import { send, type Wire } from "../http/transport.ts";
import { checkReceivedSize } from "../http/upload-body.ts";
import type { Upload, UploadOptions } from "../types.ts";
import { readUpload } from "./upload-answer.ts";
import { uploadName } from "./upload-name.ts";

/** Opens a path as a Blob whose bytes stay on disk; Node's client provides it. */
export type OpenFile = (path: string) => Promise<{ blob: Blob; name: string }>;

/**
 * Uploads one file.
 * @throws AtlasError; MediaPreflightError `usage`, `not-found`, `unreadable`
 */
export async function uploadMedia(
  wire: Wire,
  openFile: OpenFile | null,
  file: Blob | Uint8Array | string,
  options: UploadOptions = {},
): Promise<Upload> {
  const { onProgress, signal = null, rateLimit = null } = options;
  if (rateLimit && !isNodeLike)
    throw new MediaPreflightError("usage", "a browser cannot limit the rate of an upload", {
      hint: "leave rateLimit out, or upload from Node.js",
    });
  const { blob, name } = await asBlob(file, openFile);
  const { filename, contentType } = await uploadName(blob, name, options);
  const onSent = (loaded: number): void =>
    callSafely(onProgress, { phase: "upload", loaded, total: blob.size });
  const upload = await send(wire, {
    name: "uploadMedia",
    host: "api",
    method: "POST",
    path: "/model/uploadMedia",
    upload: { multipart: multipart(blob, filename, contentType), onSent, rateLimit },
    // Sent twice, it makes a second temporary file that nothing refers to.
    repeatable: true,
    changes: false,
    signal,
    decode(envelope: Envelope): Upload {
      const answer = readUpload(envelope);
      checkReceivedSize(answer.size, blob.size);
      return answer;
    },
  });
  onSent(blob.size);
  return upload;
}

async function asBlob(
  file: Blob | Uint8Array | string,
  openFile: OpenFile | null,
): Promise<{ blob: Blob; name: string | null }> {
  if (typeof file === "string") {
    if (openFile) return openFile(file);
    throw new MediaPreflightError("usage", "a path can only be uploaded in Node.js", {
      hint: "give a File, a Blob or bytes",
    });
  }
  if (file instanceof Blob) return { blob: file, name: (file as Partial<File>).name ?? null };
  return { blob: new Blob([file as Uint8Array<ArrayBuffer>]), name: null };
}

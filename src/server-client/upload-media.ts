import { loadModule } from "../async/load-module.ts";
import type { Upload, UploadOptions } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import { ServerClientError } from "./error.ts";
import type { ServerRequests } from "./requests.ts";
import { sendBytes } from "./send-bytes.ts";

/** Whether the handler at an endpoint signs uploads into the user's bucket; fetched once per page and endpoint. */
const signsUploads = new Map<string, boolean>();

/** The last upload of each file, and the URLs of those whose registration was not answered. */
const uploads = new WeakMap<Blob, Upload>();
const unanswered = new Set<string>();

/**
 * Notes that the answer to an upload's registration is outstanding or lost. Sending the file again then returns that
 * upload: the server searches for its asset, whereas a new upload would be registered as a second one.
 */
export function noteUnanswered(url: string): void {
  unanswered.add(url);
}

/** Notes that it is known whether an upload was registered. */
export function noteAnswered(url: string): void {
  unanswered.delete(url);
}

/** Uploads a file, unless an earlier upload of it may have been registered. */
export async function uploadMedia(
  requests: ServerRequests,
  file: Blob | Uint8Array | string,
  options: UploadOptions,
): Promise<Upload> {
  const earlier = file instanceof Blob ? uploads.get(file) : undefined;
  if (earlier && unanswered.has(earlier.url) && earlier.url.startsWith(uploadUrlPrefix(requests)))
    return earlier;
  const upload = await sendMedia(requests, file, options);
  if (file instanceof Blob) uploads.set(file, upload);
  return upload;
}

/** Uploads a file: by signed requests into the user's bucket if the handler offers them, otherwise through the handler. */
async function sendMedia(
  requests: ServerRequests,
  file: Blob | Uint8Array | string,
  options: UploadOptions,
): Promise<Upload> {
  if (typeof file === "string") {
    throw new MediaPreflightError("usage", "a path cannot be sent from here", {
      hint: "give the File or Blob; in Node: await fs.openAsBlob(path)",
    });
  }
  const blob = file instanceof Blob ? file : new Blob([new Uint8Array(file)]);
  const name = options.filename ?? (blob as Partial<File>).name ?? "";
  const contentType = options.contentType || blob.type || "application/octet-stream";
  const type = (["image", "video", "audio"] as const).find((one) => contentType.startsWith(`${one}/`));
  if (type && (await offersSignedUploads(requests, options.signal)))
    return await uploadSigned(requests, { blob, type, contentType, name }, options);
  return await uploadThroughHandler(requests, { blob, contentType, name }, options);
}

/** The browser's record of an unfinished upload is no longer needed. */
export async function forgetUpload({ endpoint }: ServerRequests, id: string): Promise<void> {
  if (signsUploads.get(endpoint) !== true) return;
  (await loadModule(() => import("./signed-upload/unfinished.ts"))).forgetUnfinished(id);
}

/** The URL by which `registerAsset` recognises an upload: no request is sent to it, the server knows it by its id. */
export const uploadUrlPrefix = ({ endpoint }: ServerRequests): string => `${endpoint}/uploads/`;

async function offersSignedUploads(
  requests: ServerRequests,
  signal: AbortSignal | null | undefined,
): Promise<boolean> {
  const known = signsUploads.get(requests.endpoint);
  if (known !== undefined) return known;
  const answer = await requests.get("/uploads", signal).catch((error: unknown) => {
    // A handler of an earlier version.
    if (error instanceof ServerClientError && (error.status === 404 || error.status === 405)) return null;
    throw error;
  });
  const signed = (answer as { uploads?: { signed?: unknown } } | null)?.uploads?.signed === true;
  signsUploads.set(requests.endpoint, signed);
  return signed;
}

interface FileToUpload {
  blob: Blob;
  contentType: string;
  name: string;
}

async function uploadSigned(
  requests: ServerRequests,
  file: FileToUpload & { type: "image" | "video" | "audio" },
  { onProgress, signal }: UploadOptions,
): Promise<Upload> {
  const { putFile } = await loadModule(() => import("./signed-upload/signed-upload.ts"));
  const id = await putFile({
    ...file,
    endpoint: requests.endpoint,
    post: (path, body) => requests.post(path, body, signal),
    fetch: requests.fetch,
    onProgress,
    signal: signal ?? null,
  });
  const { name, blob } = file;
  return { url: uploadUrlPrefix(requests) + id, filename: name, size: blob.size, type: null, raw: {} };
}

async function uploadThroughHandler(
  requests: ServerRequests,
  { blob, contentType, name }: FileToUpload,
  { onProgress, signal }: UploadOptions,
): Promise<Upload> {
  const { upload } = await sendBytes({
    url: `${requests.endpoint}/uploads`,
    blob,
    headers: {
      ...(await requests.headers()),
      accept: "application/x-ndjson",
      "content-type": contentType,
      ...(name !== "" && { "x-file-name": encodeURIComponent(name) }),
    },
    credentials: requests.credentials,
    fetch: requests.fetch,
    onProgress,
    signal: signal ?? null,
  });
  const size = typeof upload.size === "number" ? upload.size : null;
  const filename = typeof upload.filename === "string" ? upload.filename : null;
  return { url: uploadUrlPrefix(requests) + upload.id, filename, size, type: null, raw: upload };
}

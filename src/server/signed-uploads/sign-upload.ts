import type { SignedRequest, StoredPart } from "../../storage/storage.ts";
import { Problem } from "../http/problem.ts";
import { jsonBody } from "../http/request.ts";
import { type Announcement, announcementOf, isSha256 } from "./announcement.ts";
import {
  type Caller,
  callerOf,
  readSignedUploadTicket,
  type SignedUploadContext,
  type SignedUploadTicket,
  signedUploadLifetime,
} from "./context.ts";
import { canAcceptSize } from "./size-limit.ts";

/** Milliseconds within which a signed PUT must start. */
const signatureLifetime = 15 * 60_000;
/** Files larger than this many parts are sent in parts, smaller ones in one request. */
const partsInOneRequest = 2;

/**
 * `POST …/uploads` with JSON: signs a PUT of exactly the announced bytes to a random key below `incoming`, or starts an
 * upload in parts.
 * @throws Problem
 */
export async function signUpload(
  context: SignedUploadContext,
  request: Request,
  label: string | null,
): Promise<Response> {
  const caller = callerOf(request, label);
  const file = announcementOf(await jsonBody(request, context.bounds));
  await requireAcceptable(context, file);
  const { storage, quota, tickets } = context;
  const nonce = crypto.randomUUID();
  const expires = Date.now() + signedUploadLifetime;
  quota.reserve(nonce, { label, bytes: file.size, expires });
  try {
    const key = `${storage.incoming}${crypto.randomUUID()}`;
    const { signal } = request;
    const partSize = storage.parts.partSize(file.size);
    const inParts = file.size > partSize * partsInOneRequest;
    const parts = inParts ? await storage.parts.create(key, { type: file.contentType, signal }) : null;
    const ticket = ticketOf(context, file, { ref: key, nonce, expires, parts }, caller);
    const id = await tickets.issue(ticket);
    const how = inParts
      ? { parts: { size: partSize, count: Math.ceil(file.size / partSize) } }
      : { put: await signPut(storage, key, file, signal) };
    return json({ upload: { id, ...how } }, 201);
  } catch (error) {
    quota.release(nonce);
    throw error;
  }
}

/** @throws Problem 413, 422 */
async function requireAcceptable({ options }: SignedUploadContext, file: Announcement): Promise<void> {
  const { kind, size } = file;
  if (options.types && !options.types.includes(kind))
    throw new Problem(422, "invalid-request", "files of this type are not accepted here");
  if (await canAcceptSize(options, kind, size)) return;
  throw new Problem(413, "too-large", `${kind} files of ${size} bytes are over the limit`, {
    hint: "make the file smaller",
  });
}

function ticketOf(
  { issuer }: SignedUploadContext,
  { kind, sha256, filename, size, contentType }: Announcement,
  { ref, nonce, expires, parts }: { ref: string; nonce: string; expires: number; parts: string | null },
  { label, origin }: Caller,
): SignedUploadTicket {
  const incoming = { size, contentType, origin, parts };
  return { use: "incoming", ref, nonce, kind, label, expires, issuer, sha256, filename, incoming };
}

const signPut = (
  storage: SignedUploadContext["storage"],
  key: string,
  { contentType, size, sha256 }: Announcement,
  signal: AbortSignal,
): Promise<SignedRequest> =>
  storage.presignPut(key, { type: contentType, size, sha256, expiresIn: signatureLifetime, signal });

/**
 * `POST …/uploads/{id}` with JSON `{part, sha256}`: signs the PUT of one part, unless the bucket has it already.
 * @throws Problem
 */
export async function signPart(
  context: SignedUploadContext,
  request: Request,
  { id, label }: { id: string; label: string | null },
): Promise<Response> {
  const ticket = await readSignedUploadTicket(context, id, callerOf(request, label));
  const { part: number, sha256 } = await jsonBody(request, context.bounds);
  const { parts, size } = ticket.incoming;
  if (parts === null) throw new Problem(400, "usage", "this upload has no parts");
  const partSize = context.storage.parts.partSize(size);
  const count = Math.ceil(size / partSize);
  if (typeof number !== "number" || !Number.isInteger(number) || number < 1 || number > count)
    throw new Problem(400, "usage", `part is not a number from 1 to ${count}`);
  if (!isSha256(sha256)) throw new Problem(400, "usage", "sha256 is not 64 hexadecimal digits in lower case");
  const length = number < count ? partSize : size - partSize * (count - 1);
  const { signal } = request;
  const arrived = await context.storage.parts.list(ticket.ref, parts, { signal });
  if (arrived === null && !(await context.storage.stat(ticket.ref, { signal })))
    throw new Problem(404, "not-found", "the upload is no longer there", { hint: "send the file again" });
  const part = { number, size: length, sha256 };
  const present = arrived === null || arrived.some((one) => isSame(one, part));
  const put = present
    ? null
    : await context.storage.parts.presignPart(ticket.ref, parts, {
        ...part,
        expiresIn: signatureLifetime,
        signal,
      });
  return json({ part: { number, put } }, 200);
}

/** A bucket that states no hash of a part cannot prove that it is the same: it is sent again. */
const isSame = (one: StoredPart, part: { number: number; size: number; sha256: string }): boolean =>
  one.number === part.number && one.size === part.size && one.sha256 === part.sha256;

const json = (body: unknown, status: number): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-store" } });

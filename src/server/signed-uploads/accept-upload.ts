import { isAccepted } from "../../report/blocking.ts";
import type { Report } from "../../report/report.ts";
import { contentKey } from "../../storage/content-key.ts";
import { isStorageError } from "../../storage/error.ts";
import type { StoredObject, StoredPart } from "../../storage/storage.ts";
import { checkBody } from "../check.ts";
import { Problem } from "../http/problem.ts";
import { publicReport } from "../public-report.ts";
import type { Ticket } from "../registration/ticket.ts";
import type { SignedUploadContext, SignedUploadTicket } from "./context.ts";

/**
 * Accepts an upload of a page: verifies that the object has the announced length and hash, checks it by ranges, and copies
 * it to the key of its content, which no page can write. Every step requires the same ETag, so that a page cannot replace
 * the object meanwhile. A refused object is deleted.
 * @returns a ticket for the copy
 * @throws Problem 404, 422
 */
export async function acceptUpload(
  context: SignedUploadContext,
  ticket: SignedUploadTicket,
  signal: AbortSignal,
): Promise<Ticket> {
  const { storage, events, quota } = context;
  try {
    const object = await assembleObject(context, ticket, signal);
    requireAnnounced(object.size === ticket.incoming.size);
    const { kind, facts } = await requirePass(context, ticket, object, signal);
    requireAnnounced((await storage.sha256(object, { signal })) === ticket.sha256);
    const key = contentKey(storage, ticket.sha256, facts.format);
    const type = facts.mime ?? ticket.incoming.contentType;
    await storage.copy(object, key, { type, sha256: ticket.sha256, signal });
    events.emit({ type: "uploaded", bytes: object.size, kind, label: ticket.label });
    return { ...ticket, use: "upload", ref: key, stored: true, kind, incoming: undefined };
  } catch (error) {
    const problem = isStorageError(error) && error.code === "changed" ? otherBytes : error;
    if (problem instanceof Problem && problem.status === 422) {
      await storage.remove(ticket.ref, { signal });
      quota.release(ticket.nonce);
    }
    throw problem;
  }
}

/** Deletes the page's object of a registered upload. If that fails, a lifecycle rule deletes it later. */
export async function removeIncoming(
  { storage, events, quota }: SignedUploadContext,
  ticket: Ticket,
): Promise<void> {
  quota.release(ticket.nonce);
  try {
    await storage.remove(ticket.ref);
  } catch (error) {
    events.reportError(error, ticket.label);
  }
}

const otherBytes = new Problem(
  422,
  "invalid-request",
  "the uploaded bytes are not those that were announced",
  {
    hint: "send the file again",
  },
);
export const notUploaded = new Problem(404, "not-found", "the file was not uploaded, or not all of it", {
  hint: "upload it to its signed address first",
});

function requireAnnounced(same: boolean): void {
  if (!same) throw otherBytes;
}

/** The uploaded object; one that was sent in parts is assembled first. @throws Problem 404, 422 */
async function assembleObject(
  { storage }: SignedUploadContext,
  { ref, incoming: { parts, size } }: SignedUploadTicket,
  signal: AbortSignal,
): Promise<StoredObject> {
  const arrived = parts === null ? null : await storage.parts.list(ref, parts, { signal });
  // A bucket that no longer knows the upload has completed it, for a request whose answer was lost.
  if (parts !== null && arrived !== null) {
    requireAllParts(arrived, size, storage.parts.partSize(size));
    await storage.parts.complete(ref, parts, arrived, { signal }).catch((error: unknown) => {
      // Another handler has put it together since the parts were listed.
      if (!isStorageError(error) || error.code !== "not-found-upstream") throw error;
    });
  }
  const object = await storage.stat(ref, { signal });
  if (!object) throw notUploaded;
  return object;
}

/** @throws Problem 404 */
function requireAllParts(parts: readonly StoredPart[], size: number, partSize: number): void {
  const count = Math.ceil(size / partSize);
  const complete =
    parts.length === count &&
    parts.every(
      (part, i) => part.number === i + 1 && part.size === (i + 1 < count ? partSize : size - partSize * i),
    );
  if (!complete) throw notUploaded;
}

/** @throws Problem 422 with the report */
async function requirePass(
  { storage, options, events }: SignedUploadContext,
  { kind, filename, label }: SignedUploadTicket,
  object: StoredObject,
  signal: AbortSignal,
): Promise<Report & { kind: SignedUploadTicket["kind"] }> {
  const source = storage.open(object, { signal });
  try {
    const report = await checkBody(source, { kind, filename }, options, signal);
    // That the handler accepts this type was checked before signing; the format becomes the key's extension.
    if (report.facts.format !== null && isAccepted(report, options.acceptUnsure)) return { ...report, kind };
    events.emit({ type: "refused", report, label });
    throw new Problem(422, "refused", "the file did not pass the check", {
      hint: "see the report",
      report: publicReport(report),
    });
  } finally {
    await source.close?.();
  }
}

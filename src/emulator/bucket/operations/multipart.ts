import { createHash } from "node:crypto";
import { checksumElement, checksumHeader, compositeChecksum, requestedAlgorithm } from "../checksum.ts";
import { copyBytes } from "../copy-bytes.ts";
import type { MultipartUpload, StoredPart } from "../multipart.ts";
import type { StoredObject } from "../objects.ts";
import { receiveBody } from "../receive-body.ts";
import { emptyResponse, type S3Response, xmlResponse } from "../response.ts";
import { S3Error } from "../s3-error.ts";
import { headerOf, parameter, type S3Request } from "../signature/request.ts";
import { checkCopySource, checkWrite, rangeOf } from "./conditions.ts";
import { copySource } from "./copy-source.ts";
import { type Exchange, newFile, storedHeaders, xmlBody } from "./exchange.ts";
import { requestedParts } from "./requested-parts.ts";

const maxParts = 10_000;

export async function createUpload({ request, uploads, settings }: Exchange): Promise<S3Response> {
  const algorithm = requestedAlgorithm(request);
  const type = headerOf(request, "x-amz-checksum-type")?.toUpperCase();
  if (type !== undefined && type !== "COMPOSITE")
    throw new S3Error(
      "NotImplemented",
      "This emulator computes composite checksums of multipart uploads only.",
    );
  const upload = uploads.create({
    key: request.key,
    ...storedHeaders(request),
    algorithm,
    initiated: settings.now(),
  });
  return xmlResponse(
    "InitiateMultipartUploadResult",
    { Bucket: settings.name, Key: upload.key, UploadId: upload.id },
    algorithm ? { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": "COMPOSITE" } : {},
  );
}

export async function uploadPart(exchange: Exchange): Promise<S3Response> {
  const { request, incoming, objects, uploads } = exchange;
  const number = partNumber(request);
  const upload = uploads.get(parameter(request, "uploadId"), request.key);
  const file = newFile();
  const bytes = await receiveBody(request, incoming, objects.disk.path(file), exchange);
  const given = bytes.checksum?.algorithm ?? null;
  if (given !== upload.algorithm && upload.algorithm !== null) {
    await objects.disk.remove(file);
    const message = `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${given?.toLowerCase() ?? "null"}`;
    throw new S3Error("InvalidRequest", message);
  }
  const part = { ...bytes, number, file, lastModified: exchange.settings.now() };
  await addPart(exchange, upload, part);
  const { checksum } = part;
  return emptyResponse(200, {
    etag: `"${part.md5}"`,
    ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
  });
}

export async function uploadPartCopy(exchange: Exchange): Promise<S3Response> {
  const { request, objects, uploads, settings } = exchange;
  const number = partNumber(request);
  const upload = uploads.get(parameter(request, "uploadId"), request.key);
  const source = copySource(exchange);
  checkCopySource(request, source);
  const range = rangeOf(headerOf(request, "x-amz-copy-source-range"), source.size);
  const file = newFile();
  const from = [objects.disk.path(source.file)];
  const copied = await copyBytes(from, objects.disk.path(file), upload.algorithm, range);
  const { algorithm } = upload;
  const checksum =
    algorithm && copied.checksum !== null
      ? ({ algorithm, value: copied.checksum, type: "FULL_OBJECT" } as const)
      : null;
  await addPart(exchange, upload, { ...copied, checksum, number, file, lastModified: settings.now() });
  return xmlResponse("CopyPartResult", {
    ETag: `"${copied.md5}"`,
    LastModified: new Date(settings.now()).toISOString(),
    ...(checksum && { [checksumElement(checksum.algorithm)]: checksum.value }),
  });
}

/** A part that comes again replaces the one before; one that arrives after the end of its upload is dropped. */
async function addPart(
  { objects, uploads }: Exchange,
  upload: MultipartUpload,
  part: StoredPart,
): Promise<void> {
  try {
    uploads.get(upload.id, upload.key);
  } catch (error) {
    await objects.disk.remove(part.file);
    throw error;
  }
  const before = upload.parts.get(part.number);
  upload.parts.set(part.number, part);
  if (before) await objects.disk.remove(before.file);
}

export async function completeUpload(exchange: Exchange): Promise<S3Response> {
  const { request, objects, uploads, settings } = exchange;
  const xml = await xmlBody(exchange);
  const upload = uploads.get(parameter(request, "uploadId"), request.key);
  const parts = requestedParts(xml, upload, settings.minPartSize);
  const file = newFile();
  const paths = parts.map((part) => objects.disk.path(part.file));
  const { size, sha256 } = await copyBytes(paths, objects.disk.path(file), null);
  const md5 = createHash("md5");
  for (const part of parts) md5.update(Buffer.from(part.md5, "hex"));
  const sums = parts.flatMap((part) => (part.checksum ? [part.checksum.value] : []));
  const { algorithm } = upload;
  const checksum = algorithm && sums.length === parts.length ? compositeChecksum(algorithm, sums) : null;
  const object: StoredObject = {
    key: upload.key,
    file,
    size,
    sha256,
    checksum,
    etag: `"${md5.digest("hex")}-${parts.length}"`,
    contentType: upload.contentType,
    metadata: upload.metadata,
    lastModified: settings.now(),
  };
  await objects.put(object, (existing) => {
    // Another request may have completed or aborted it meanwhile.
    uploads.get(upload.id, upload.key);
    checkWrite(request, existing);
    uploads.delete(upload.id);
  });
  await removeParts(exchange, upload);
  return xmlResponse("CompleteMultipartUploadResult", {
    Location: `/${settings.name}/${upload.key}`,
    Bucket: settings.name,
    Key: upload.key,
    ETag: object.etag,
    ...(checksum && { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type }),
  });
}

export async function abortUpload(exchange: Exchange): Promise<S3Response> {
  const { request, uploads } = exchange;
  const upload = uploads.get(parameter(request, "uploadId"), request.key);
  uploads.delete(upload.id);
  await removeParts(exchange, upload);
  return emptyResponse(204);
}

async function removeParts({ objects }: Exchange, upload: MultipartUpload): Promise<void> {
  for (const part of upload.parts.values()) await objects.disk.remove(part.file);
}

function partNumber(request: S3Request): number {
  const text = parameter(request, "partNumber") ?? "";
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= maxParts) return number;
  throw new S3Error(
    "InvalidArgument",
    `Part number must be an integer between 1 and ${maxParts}, inclusive`,
    {
      ArgumentName: "partNumber",
      ArgumentValue: text,
    },
  );
}

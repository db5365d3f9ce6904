import { checksumElement, checksumHeader, requestedAlgorithm } from "../checksum.ts";
import { copyBytes } from "../copy-bytes.ts";
import type { StoredObject } from "../objects.ts";
import { receiveBody } from "../receive-body.ts";
import { emptyResponse, type S3Response, xmlResponse } from "../response.ts";
import { S3Error } from "../s3-error.ts";
import { headerOf, parameter, type S3Request } from "../signature/request.ts";
import { checkCopySource, checkRead, checkWrite, rangeOf } from "./conditions.ts";
import { copySource } from "./copy-source.ts";
import { type Exchange, newFile, storedHeaders } from "./exchange.ts";

export async function putObject(exchange: Exchange): Promise<S3Response> {
  const { request, incoming, objects, settings } = exchange;
  const file = newFile();
  const { md5, ...bytes } = await receiveBody(request, incoming, objects.disk.path(file), exchange);
  const object: StoredObject = {
    key: request.key,
    file,
    etag: `"${md5}"`,
    ...bytes,
    ...storedHeaders(request),
    lastModified: settings.now(),
  };
  await objects.put(object, (existing) => checkWrite(request, existing));
  return emptyResponse(200, { etag: object.etag, ...checksumHeaders(object) });
}

/** GetObject and HeadObject. */
export async function readObject({ request, objects }: Exchange): Promise<S3Response> {
  const object = stored(request, objects.get(request.key));
  checkRead(request, object);
  const range = rangeOf(request.headers.get("range"), object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  const withChecksum = headerOf(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
  const headers: Record<string, string> = {
    "content-type": object.contentType,
    "content-length": String(end - start + 1),
    "accept-ranges": "bytes",
    etag: object.etag,
    "last-modified": new Date(object.lastModified).toUTCString(),
    ...object.metadata,
    ...(withChecksum && !range && checksumHeaders(object)),
    ...overridden(request),
  };
  if (range) headers["content-range"] = `bytes ${start}-${end}/${object.size}`;
  const path = objects.disk.path(object.file);
  const body = request.method === "HEAD" || object.size === 0 ? undefined : { path, start, end };
  return { status: range ? 206 : 200, headers, body };
}

export async function deleteObject({ request, objects }: Exchange): Promise<S3Response> {
  const match = request.headers.get("if-match");
  if (match !== undefined) checkWrite(request, objects.get(request.key));
  await objects.delete(request.key);
  return emptyResponse(204);
}

export async function copyObject(exchange: Exchange): Promise<S3Response> {
  const { request, objects, settings } = exchange;
  const source = copySource(exchange);
  checkCopySource(request, source);
  const replaces = headerOf(request, "x-amz-metadata-directive")?.toUpperCase() === "REPLACE";
  if (source.key === request.key && !replaces)
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const algorithm = requestedAlgorithm(request) ?? source.checksum?.algorithm ?? null;
  const file = newFile();
  const { md5, checksum, ...bytes } = await copyBytes(
    [objects.disk.path(source.file)],
    objects.disk.path(file),
    algorithm,
  );
  const object: StoredObject = {
    key: request.key,
    file,
    etag: `"${md5}"`,
    ...bytes,
    checksum: algorithm && checksum !== null ? { algorithm, value: checksum, type: "FULL_OBJECT" } : null,
    ...(replaces ? storedHeaders(request) : { contentType: source.contentType, metadata: source.metadata }),
    lastModified: settings.now(),
  };
  await objects.put(object, (existing) => checkWrite(request, existing));
  return xmlResponse("CopyObjectResult", {
    ETag: object.etag,
    LastModified: new Date(object.lastModified).toISOString(),
    ...(object.checksum && { [checksumElement(object.checksum.algorithm)]: object.checksum.value }),
  });
}

function stored(request: S3Request, object: StoredObject | undefined): StoredObject {
  if (object) return object;
  throw new S3Error("NoSuchKey", "The specified key does not exist.", { Key: request.key });
}

function checksumHeaders({ checksum }: StoredObject): Record<string, string> {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };
}

/** `response-content-type` and its kin, which only a signed request may set. */
function overridden(request: S3Request): Record<string, string> {
  const names = ["content-type", "content-disposition", "content-language", "cache-control", "expires"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = parameter(request, `response-${name}`);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

import type { StoredObject } from "../objects.ts";
import { type S3Response, xmlResponse } from "../response.ts";
import { S3Error } from "../s3-error.ts";
import { uriEncode } from "../signature/percent.ts";
import { parameter, type S3Request } from "../signature/request.ts";
import type { Exchange } from "./exchange.ts";

const largestPage = 1000;

/** ListObjectsV2: prefix, delimiter, start-after, continuation-token, max-keys, encoding-type. */
export async function listObjects({ request, objects, settings }: Exchange): Promise<S3Response> {
  const prefix = parameter(request, "prefix") ?? "";
  const delimiter = parameter(request, "delimiter") ?? "";
  const token = parameter(request, "continuation-token");
  const after = token === undefined ? (parameter(request, "start-after") ?? "") : tokenKey(token);
  const max = pageSize(request, "max-keys");
  const encode = encoder(request);
  const entries = grouped(objects.sorted(), prefix, delimiter).filter(({ key }) => isAfter(key, after));
  const page = entries.slice(0, max);
  const last = page.at(-1);
  const truncated = last !== undefined && entries.length > page.length;
  return xmlResponse("ListBucketResult", {
    Name: settings.name,
    Prefix: encode(prefix),
    ...(delimiter && { Delimiter: encode(delimiter) }),
    MaxKeys: max,
    KeyCount: page.length,
    IsTruncated: truncated,
    ...(token !== undefined && { ContinuationToken: token }),
    ...(truncated && { NextContinuationToken: Buffer.from(last.key).toString("base64") }),
    Contents: page.flatMap(({ object }) => (object ? [contents(object, encode)] : [])),
    CommonPrefixes: page.flatMap(({ key, object }) => (object ? [] : [{ Prefix: encode(key) }])),
  });
}

const contents = (object: StoredObject, encode: (text: string) => string) => ({
  Key: encode(object.key),
  LastModified: new Date(object.lastModified).toISOString(),
  ETag: object.etag,
  ...(object.checksum && {
    ChecksumAlgorithm: object.checksum.algorithm,
    ChecksumType: object.checksum.type,
  }),
  Size: object.size,
  StorageClass: "STANDARD",
});

/** Objects below the prefix; those with the delimiter after it share one entry. */
function grouped(
  objects: readonly StoredObject[],
  prefix: string,
  delimiter: string,
): { key: string; object: StoredObject | null }[] {
  const out: { key: string; object: StoredObject | null }[] = [];
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const at = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    const key = at === -1 ? object.key : object.key.slice(0, at + delimiter.length);
    if (at === -1) out.push({ key, object });
    else if (out.at(-1)?.key !== key) out.push({ key, object: null });
  }
  return out;
}

const isAfter = (key: string, after: string): boolean =>
  Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;

function tokenKey(token: string): string {
  const key = Buffer.from(token, "base64").toString("utf8");
  if (key !== "" && Buffer.from(key).toString("base64") === token) return key;
  throw new S3Error("InvalidArgument", "The continuation token provided is incorrect", {
    ArgumentName: "continuation-token",
  });
}

function pageSize(request: S3Request, name: string): number {
  const text = parameter(request, name) ?? String(largestPage);
  if (/^\d+$/.test(text)) return Math.min(Number(text), largestPage);
  throw new S3Error("InvalidArgument", `Provided ${name} not an integer or within integer range`, {
    ArgumentName: name,
    ArgumentValue: text,
  });
}

const encoder = (request: S3Request): ((text: string) => string) =>
  parameter(request, "encoding-type") === "url" ? (text) => uriEncode(text, true) : (text) => text;

/** ListMultipartUploads: prefix; all in one page. */
export async function listUploads({ request, uploads, settings }: Exchange): Promise<S3Response> {
  const prefix = parameter(request, "prefix") ?? "";
  const encode = encoder(request);
  return xmlResponse("ListMultipartUploadsResult", {
    Bucket: settings.name,
    Prefix: encode(prefix),
    IsTruncated: false,
    Upload: uploads
      .all()
      .filter((upload) => upload.key.startsWith(prefix))
      .map((upload) => ({
        Key: encode(upload.key),
        UploadId: upload.id,
        Initiated: new Date(upload.initiated).toISOString(),
        ...(upload.algorithm && { ChecksumAlgorithm: upload.algorithm, ChecksumType: "COMPOSITE" }),
      })),
  });
}

/** ListParts: max-parts, part-number-marker. */
export async function listParts({ request, uploads, settings }: Exchange): Promise<S3Response> {
  const upload = uploads.get(parameter(request, "uploadId"), request.key);
  const max = pageSize(request, "max-parts");
  const marker = Number(parameter(request, "part-number-marker") ?? 0);
  const parts = [...upload.parts.values()]
    .sort((a, b) => a.number - b.number)
    .filter((part) => part.number > marker);
  const page = parts.slice(0, max);
  return xmlResponse("ListPartsResult", {
    Bucket: settings.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: max,
    IsTruncated: parts.length > page.length,
    ...(upload.algorithm && { ChecksumAlgorithm: upload.algorithm, ChecksumType: "COMPOSITE" }),
    Part: page.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.lastModified).toISOString(),
      ETag: `"${part.md5}"`,
      Size: part.size,
      ...(part.checksum && { [`Checksum${part.checksum.algorithm}`]: part.checksum.value }),
    })),
  });
}

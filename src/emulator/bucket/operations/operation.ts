import { S3Error } from "../s3-error.ts";
import { headerOf, parameter, type S3Request } from "../signature/request.ts";

/** The operations of S3 that the bucket answers; faults can be limited to some of these. */
export const bucketOperations = [
  "PutObject",
  "GetObject",
  "HeadObject",
  "DeleteObject",
  "CopyObject",
  "CreateMultipartUpload",
  "UploadPart",
  "UploadPartCopy",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
  "ListParts",
  "ListMultipartUploads",
  "ListObjectsV2",
  "HeadBucket",
  "GetBucketLocation",
  "GetBucketCors",
  "PutBucketCors",
  "DeleteBucketCors",
  "GetBucketLifecycleConfiguration",
  "PutBucketLifecycleConfiguration",
  "DeleteBucketLifecycle",
  "Preflight",
] as const;
/** One of `bucketOperations`; `Preflight` is a browser's OPTIONS request. */
export type BucketOperation = (typeof bucketOperations)[number];

/** Sub-resources that S3 has and this bucket does not: silently ignoring one would answer another question. */
const unimplemented =
  /^(?:accelerate|acl|analytics|attributes|delete|encryption|intelligent-tiering|inventory|legal-hold|logging|metrics|notification|object-lock|ownershipControls|partNumber|policy|policyStatus|publicAccessBlock|replication|requestPayment|restore|retention|select|tagging|torrent|versionId|versioning|versions|website)$/;

/** @throws S3Error `MethodNotAllowed`, `NotImplemented` */
export function operationOf(request: S3Request): BucketOperation {
  if (request.method === "OPTIONS") return "Preflight";
  const found = request.key === "" ? onBucket(request) : onObject(request);
  if (found !== "UploadPart" && found !== "UploadPartCopy") {
    const name = request.query.find((one) => unimplemented.test(one.name))?.name;
    if (name !== undefined)
      throw new S3Error("NotImplemented", `This emulator does not implement the sub-resource "${name}".`);
  }
  if (found) return found;
  throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    Method: request.method,
    ResourceType: request.key === "" ? "BUCKET" : "OBJECT",
  });
}

function onBucket(request: S3Request): BucketOperation | null {
  const has = (name: string): boolean => parameter(request, name) !== undefined;
  const { method } = request;
  if (has("cors")) return byMethod(method, "GetBucketCors", "PutBucketCors", "DeleteBucketCors");
  if (has("lifecycle"))
    return byMethod(
      method,
      "GetBucketLifecycleConfiguration",
      "PutBucketLifecycleConfiguration",
      "DeleteBucketLifecycle",
    );
  if (method === "HEAD") return "HeadBucket";
  if (method !== "GET") return null;
  if (has("location")) return "GetBucketLocation";
  if (has("uploads")) return "ListMultipartUploads";
  if (parameter(request, "list-type") === "2") return "ListObjectsV2";
  throw new S3Error("NotImplemented", "This emulator lists by ListObjectsV2 only (list-type=2).");
}

function onObject(request: S3Request): BucketOperation | null {
  const has = (name: string): boolean => parameter(request, name) !== undefined;
  const copies = headerOf(request, "x-amz-copy-source") !== undefined;
  switch (request.method) {
    case "GET":
      return has("uploadId") ? "ListParts" : "GetObject";
    case "HEAD":
      return "HeadObject";
    case "PUT":
      if (has("uploadId") && has("partNumber")) return copies ? "UploadPartCopy" : "UploadPart";
      return copies ? "CopyObject" : "PutObject";
    case "POST":
      if (has("uploads")) return "CreateMultipartUpload";
      return has("uploadId") ? "CompleteMultipartUpload" : null;
    case "DELETE":
      return has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    default:
      return null;
  }
}

const byMethod = (
  method: string,
  get: BucketOperation,
  put: BucketOperation,
  remove: BucketOperation,
): BucketOperation | null => ({ GET: get, PUT: put, DELETE: remove })[method] ?? null;

import type { ErrorCode } from "../../../errors.ts";
import { StorageError } from "../../error.ts";
import { textOf } from "./xml.ts";

/** An answer that is an error. */
export interface ErrorAnswer {
  status: number;
  headers: Headers;
  /** Empty in the answer to a HEAD. */
  body: string;
}

/** The operation that failed, for messages. */
export interface Operation {
  /** S3's name of the operation, such as "PutObject". */
  name: string;
  bucket: string;
  region: string;
  key: string | null;
  /** Removes secrets from a text. */
  scrub(text: string): string;
}

interface Meaning {
  code: ErrorCode;
  message: string;
  hint: string;
  retryable?: boolean;
}

const later = "try again later; completed steps are skipped";
const keys = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (for temporary keys AWS_SESSION_TOKEN too)";

/** The bucket's codes (Amazon S3 API Reference, "Error responses", read 2026-11-29). */
const meanings: Readonly<Record<string, Meaning | ((operation: Operation, answer: ErrorAnswer) => Meaning)>> =
  {
    AccessDenied: ({ name, bucket }) => ({
      code: "storage-denied",
      message: `the keys may not do ${name} here`,
      hint: `grant ${permissionFor(name)} on the bucket ${bucket}; media-preflight storage check tries every permission`,
    }),
    InvalidAccessKeyId: { code: "storage-denied", message: "the access key id is unknown", hint: keys },
    SignatureDoesNotMatch: {
      code: "storage-denied",
      message: "the signature does not match: the secret key is another one, or a proxy changed the request",
      hint: keys,
    },
    ExpiredToken: {
      code: "storage-denied",
      message: "the temporary keys have expired",
      hint: "fetch new ones",
    },
    InvalidToken: { code: "storage-denied", message: "the session token is not valid", hint: keys },
    RequestTimeTooSkewed: (_, { body, headers }) => ({
      code: "storage-denied",
      message: `this computer's clock is wrong: the bucket says that it is ${textOf(body, "ServerTime") ?? headers.get("date") ?? "another time"}`,
      hint: "set the clock (the difference may be 15 minutes at most)",
    }),
    NoSuchBucket: ({ bucket }) => ({
      code: "storage-config",
      message: `there is no bucket "${bucket}"`,
      hint: "check the bucket's name and the endpoint (AWS_ENDPOINT_URL_S3)",
    }),
    InvalidBucketName: ({ bucket }) => ({
      code: "storage-config",
      message: `${bucket} is not a valid bucket name`,
      hint: "check the bucket's name",
    }),
    NoSuchKey: { code: "not-found-upstream", message: "there is no such object", hint: "check the key" },
    NoSuchUpload: {
      code: "not-found-upstream",
      message: "there is no such multipart upload",
      hint: "upload it again",
    },
    BadDigest: changed("the bucket received other bytes than were checked"),
    XAmzContentSHA256Mismatch: changed("the bucket received other bytes than were checked"),
    IncompleteBody: { ...changed("the bucket received fewer bytes than were announced"), retryable: true },
    PreconditionFailed: changed("the object is another one by now"),
    EntityTooLarge: {
      code: "too-large",
      message: "the bucket takes no object of this size",
      hint: "check the provider's limits",
    },
    SlowDown: { code: "rate-limited", message: "the bucket asks to slow down", hint: later, retryable: true },
    // Also in answers of HTTP 200, of operations that are answered before they are done.
    InternalError: {
      code: "server",
      message: "the bucket had an internal error",
      hint: later,
      retryable: true,
    },
    ServiceUnavailable: {
      code: "server",
      message: "the bucket is not available for the moment",
      hint: later,
      retryable: true,
    },
    RequestTimeout: {
      code: "network",
      message: "the bucket waited too long for data",
      hint: later,
      retryable: true,
    },
    ConditionalRequestConflict: {
      code: "server",
      message: "another write of the same key was under way",
      hint: later,
      retryable: true,
    },
    OperationAborted: {
      code: "server",
      message: "a conflicting operation was under way",
      hint: later,
      retryable: true,
    },
    PermanentRedirect: wrongRegion,
    TemporaryRedirect: wrongRegion,
    AuthorizationHeaderMalformed: wrongRegion,
    AuthorizationQueryParametersError: wrongRegion,
    IllegalLocationConstraintException: wrongRegion,
  };

function changed(message: string): Meaning {
  return { code: "changed", message, hint: "check it again, then send it again" };
}

function wrongRegion({ region, bucket }: Operation, { headers, body }: ErrorAnswer): Meaning {
  const right = headers.get("x-amz-bucket-region") ?? textOf(body, "Region");
  return {
    code: "storage-config",
    message: right
      ? `the bucket ${bucket} is in the region ${right}, not ${region}`
      : `the bucket ${bucket} does not answer for the region ${region}`,
    hint: right ? `set AWS_REGION=${right}` : "check AWS_REGION and the endpoint (AWS_ENDPOINT_URL_S3)",
  };
}

/** Without the second one, an object that does not exist is denied as well. */
const readPermissions = "s3:GetObject (and s3:ListBucket, for objects that may not exist)";

/** AWS's name of the permission that an operation needs. */
function permissionFor(name: string): string {
  const permissions: Readonly<Record<string, string>> = {
    GetObject: readPermissions,
    HeadObject: readPermissions,
    CopyObject: "s3:GetObject and s3:PutObject",
    CreateMultipartUpload: "s3:PutObject",
    UploadPart: "s3:PutObject",
    CompleteMultipartUpload: "s3:PutObject",
    ListParts: "s3:ListMultipartUploadParts",
    ListMultipartUploads: "s3:ListBucketMultipartUploads",
  };
  return permissions[name] ?? `s3:${name}`;
}

/** Where an answer has no body, or no code that says more. */
function byStatus({ status, headers }: ErrorAnswer): string {
  if (status === 301 || status === 307 || (status === 400 && headers.has("x-amz-bucket-region")))
    return "PermanentRedirect";
  if (status === 403) return "AccessDenied";
  if (status === 404) return "NoSuchKey";
  if (status === 412) return "PreconditionFailed";
  if (status === 413) return "EntityTooLarge";
  return "";
}

/** The error that an answer states. @param retryAfter milliseconds, or null */
export function answerError(
  operation: Operation,
  answer: ErrorAnswer,
  retryAfter: number | null,
): StorageError {
  const { status, headers, body } = answer;
  const given = textOf(body, "Code");
  const storageCode = given && /^[\w.-]{1,100}$/.test(given) ? given : null;
  const entry = meanings[storageCode ?? ""] ?? meanings[byStatus(answer)];
  const meaning =
    typeof entry === "function" ? entry(operation, answer) : (entry ?? unknownMeaning(status, storageCode));
  const stated = operation.scrub((textOf(body, "Message") ?? "").replace(/\p{C}+/gu, " ")).slice(0, 300);
  const more = entry === undefined && stated !== "" ? `: ${stated}` : "";
  return new StorageError(meaning.code, `${operation.name}: ${meaning.message}${more}`, {
    status,
    storageCode,
    key: operation.key,
    hint: meaning.hint,
    requestId: (headers.get("x-amz-request-id") ?? textOf(body, "RequestId"))?.slice(0, 200) ?? null,
    retryable: meaning.retryable ?? isTemporary(status),
    retryAfter,
  });
}

function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

function unknownMeaning(status: number, storageCode: string | null): Meaning {
  const what = `the bucket answered with HTTP ${status}${storageCode ? ` (${storageCode})` : ""}`;
  if (status === 429 || status === 503) return { code: "rate-limited", message: what, hint: later };
  if (status >= 500 && status !== 501) return { code: "server", message: what, hint: later };
  return {
    code: "invalid-request",
    message: what,
    hint: "run media-preflight storage check to see what the bucket can do",
  };
}

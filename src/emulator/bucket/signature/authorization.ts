import { S3Error } from "../s3-error.ts";
import { headerOf, parameter, type S3Request } from "./request.ts";
import { algorithm } from "./signature.ts";

/** The parts of a signature, from the Authorization header or from the query of a presigned URL. */
export interface Authorization {
  presigned: boolean;
  accessKeyId: string;
  /** `YYYYMMDD/region/service/aws4_request` as given. */
  scope: { date: string; region: string; service: string; terminator: string };
  signedHeaders: readonly string[];
  signature: string;
  amzDate: string;
  /** Seconds for which a presigned URL is valid. */
  expires: number | null;
  token: string | undefined;
  payloadHash: string;
}

const week = 604_800;

/**
 * Null if the request carries no signature at all.
 * @throws S3Error if it is malformed, or if it carries two
 */
export function readAuthorization(request: S3Request): Authorization | null {
  const header = request.headers.get("authorization");
  const presigned = request.query.some(({ name }) =>
    /^x-amz-(?:algorithm|signature|credential)$/i.test(name),
  );
  if (header !== undefined && presigned)
    throw new S3Error(
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
    );
  if (presigned) return fromQuery(request);
  return header === undefined ? null : fromHeader(request, header);
}

function fromHeader(request: S3Request, header: string): Authorization {
  const malformed = (why: string) =>
    new S3Error("AuthorizationHeaderMalformed", `The authorization header is malformed; ${why}`);
  const [, scheme = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  if (scheme !== algorithm)
    throw new S3Error(
      "InvalidRequest",
      `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`,
    );
  const fields = new Map(rest.split(",").map((field) => pair(field.trim())));
  const [credential, signedHeaders, signature] = ["Credential", "SignedHeaders", "Signature"].map((name) =>
    fields.get(name),
  );
  if (!credential || !signedHeaders || !signature || fields.size !== 3)
    throw malformed("it must have Credential, SignedHeaders and Signature");
  const payloadHash = request.headers.get("x-amz-content-sha256");
  if (payloadHash === undefined)
    throw new S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  const amzDate = request.headers.get("x-amz-date");
  if (amzDate === undefined || instantOf(amzDate) === null)
    throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  const parsed = credentialOf(credential);
  if (!parsed)
    throw malformed(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  return {
    presigned: false,
    ...parsed,
    signedHeaders: signedHeaders.split(";"),
    signature,
    amzDate,
    expires: null,
    token: request.headers.get("x-amz-security-token"),
    payloadHash,
  };
}

function fromQuery(request: S3Request): Authorization {
  const invalid = (message: string) => new S3Error("AuthorizationQueryParametersError", message);
  const names = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-Expires",
  ];
  const repeated = names.some(
    (name) => request.query.filter((one) => one.name.toLowerCase() === name.toLowerCase()).length > 1,
  );
  const [used, credential, signedHeaders, signature, amzDate, expires] = names.map((name) =>
    parameter(request, name),
  );
  if (!used || !credential || !signedHeaders || !signature || !amzDate || !expires || repeated)
    throw invalid(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  if (used !== algorithm) throw invalid(`X-Amz-Algorithm only supports "${algorithm}"`);
  if (!/^\d+$/.test(expires)) throw invalid("X-Amz-Expires should be a number");
  if (Number(expires) > week)
    throw invalid(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  if (instantOf(amzDate) === null)
    throw invalid("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const parsed = credentialOf(credential);
  if (!parsed)
    throw invalid(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  return {
    presigned: true,
    ...parsed,
    signedHeaders: signedHeaders.split(";"),
    signature,
    amzDate,
    expires: Number(expires),
    token: parameter(request, "X-Amz-Security-Token"),
    payloadHash: headerOf(request, "x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD",
  };
}

function pair(text: string): [string, string] {
  const at = text.indexOf("=");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** The key id may contain slashes, the rest cannot. */
function credentialOf(text: string): Pick<Authorization, "accessKeyId" | "scope"> | null {
  const match = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(text);
  if (!match) return null;
  const [, accessKeyId = "", date = "", region = "", service = "", terminator = ""] = match;
  return { accessKeyId, scope: { date, region, service, terminator } };
}

/** Epoch milliseconds of `YYYYMMDDTHHMMSSZ`, or null. */
export function instantOf(amzDate: string): number | null {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(amzDate);
  if (!match) return null;
  const [, y, mo, d, h, mi, s] = match;
  const instant = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return Number.isNaN(instant) ? null : instant;
}

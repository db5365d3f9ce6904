import { createHash, timingSafeEqual } from "node:crypto";
import type { BucketSettings } from "../options.ts";
import { S3Error } from "../s3-error.ts";
import { type Authorization, instantOf, readAuthorization } from "./authorization.ts";
import type { S3Request } from "./request.ts";
import { canonicalRequest, signatureOf, stringToSign } from "./signature.ts";

/** S3 refuses a clock that is off by more (error RequestTimeTooSkewed). */
const allowedSkew = 15 * 60 * 1000;

/** What a valid signature says about the body: its SHA-256 in hexadecimal, or null if it is not signed. */
export interface Verified {
  payloadHash: string | null;
}

/**
 * Verifies the signature of a request, in its Authorization header or its query.
 * @param now epoch milliseconds
 * @throws S3Error
 */
export function verify(request: S3Request, settings: BucketSettings, now: number): Verified {
  const authorization = readAuthorization(request);
  if (!authorization) throw new S3Error("AccessDenied", "Access Denied");
  checkKey(authorization, settings);
  checkScope(authorization, settings);
  checkTime(authorization, now);
  checkSignedHeaders(request, authorization);
  checkSignature(request, authorization, settings.secretAccessKey);
  checkToken(authorization, settings);
  return { payloadHash: signedPayload(authorization.payloadHash) };
}

function checkKey({ accessKeyId }: Authorization, settings: BucketSettings): void {
  if (!equal(accessKeyId, settings.accessKeyId))
    throw new S3Error(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      {
        AWSAccessKeyId: accessKeyId,
      },
    );
}

function checkScope(authorization: Authorization, { region }: BucketSettings): void {
  const { scope, amzDate, presigned } = authorization;
  const refuse = (why: string, details: Record<string, string> = {}): never => {
    throw presigned
      ? new S3Error(
          "AuthorizationQueryParametersError",
          `Error parsing the X-Amz-Credential parameter; ${why}`,
          details,
        )
      : new S3Error("AuthorizationHeaderMalformed", `The authorization header is malformed; ${why}`, details);
  };
  if (scope.region !== region)
    refuse(`the region '${scope.region}' is wrong; expecting '${region}'`, { Region: region });
  if (scope.service !== "s3") refuse(`incorrect service "${scope.service}". This endpoint belongs to "s3".`);
  if (scope.terminator !== "aws4_request")
    refuse(`incorrect terminal "${scope.terminator}". This endpoint uses "aws4_request".`);
  if (scope.date !== amzDate.slice(0, 8))
    refuse(
      `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${amzDate.slice(0, 8)}".`,
    );
}

function checkTime({ amzDate, expires }: Authorization, now: number): void {
  const signedAt = instantOf(amzDate) ?? Number.NaN;
  const serverTime = new Date(now).toISOString();
  if (expires === null) {
    if (!(Math.abs(now - signedAt) <= allowedSkew))
      throw new S3Error(
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
        {
          RequestTime: amzDate,
          ServerTime: serverTime,
          MaxAllowedSkewMilliseconds: String(allowedSkew),
        },
      );
    return;
  }
  if (!(signedAt - now <= allowedSkew))
    throw new S3Error("AccessDenied", "Request is not yet valid", { ServerTime: serverTime });
  const end = signedAt + expires * 1000;
  if (now > end)
    throw new S3Error("AccessDenied", "Request has expired", {
      "X-Amz-Expires": String(expires),
      Expires: new Date(end).toISOString(),
      ServerTime: serverTime,
    });
}

/** `host` and every `x-amz-…` or `x-goog-…` header must be signed; a signed header must be there. */
function checkSignedHeaders(request: S3Request, { signedHeaders }: Authorization): void {
  const sorted = [...new Set(signedHeaders)].sort();
  if (sorted.join() !== signedHeaders.join() || signedHeaders.some((name) => name !== name.toLowerCase()))
    throw mismatch({ Reason: "SignedHeaders must be in lower case, sorted, each once" });
  const required = [...request.headers.keys()].filter((name) => /^x-(?:amz|goog)-/.test(name));
  const unsigned = ["host", ...required].filter((name) => !signedHeaders.includes(name));
  if (unsigned.length > 0)
    throw new S3Error("AccessDenied", "There were headers present in the request which were not signed", {
      HeadersNotSigned: unsigned.join(", "),
    });
}

function checkSignature(request: S3Request, authorization: Authorization, secretAccessKey: string): void {
  const { date, region, service, terminator } = authorization.scope;
  const input = { ...authorization, scope: [date, region, service, terminator].join("/") };
  const canonical = canonicalRequest(request, input);
  const text = stringToSign(canonical, input);
  const missing = authorization.signedHeaders.filter((name) => !request.headers.has(name));
  if (missing.length > 0 || !equal(authorization.signature, signatureOf(text, secretAccessKey, input.scope)))
    throw mismatch({
      AWSAccessKeyId: authorization.accessKeyId,
      StringToSign: text,
      SignatureProvided: authorization.signature,
      CanonicalRequest: canonical,
    });
}

function mismatch(details: Record<string, string>): S3Error {
  const message =
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
  return new S3Error("SignatureDoesNotMatch", message, details);
}

/** Temporary credentials come with a session token, which every request must carry; others have none. */
function checkToken({ token }: Authorization, { sessionToken }: BucketSettings): void {
  if (token === undefined && sessionToken !== undefined)
    throw new S3Error(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  if (token !== undefined && !equal(token, sessionToken ?? ""))
    throw new S3Error("InvalidToken", "The provided token is malformed or otherwise invalid.");
}

function signedPayload(value: string): string | null {
  if (value === "UNSIGNED-PAYLOAD") return null;
  if (value.startsWith("STREAMING-"))
    throw new S3Error(
      "NotImplemented",
      `This emulator does not implement chunked signatures (${value}): send the body whole, with its SHA-256 or UNSIGNED-PAYLOAD.`,
    );
  if (/^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
  throw new S3Error(
    "InvalidArgument",
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, or a valid sha256 value.",
    {
      ArgumentName: "x-amz-content-sha256",
      ArgumentValue: value,
    },
  );
}

/** In constant time for texts of any length. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

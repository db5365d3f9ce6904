import { AwsV4Signer } from "aws4fetch";
import type { S3Credentials } from "../credentials.ts";
import { signGoog4 } from "./goog4.ts";

/**
 * The two spellings of one signature scheme. Google Cloud Storage takes the AWS one too, but then ignores
 * `If-None-Match` on writes and refuses its own `x-goog-if-generation-match` ("ExcessHeaderValues: Requests cannot
 * specify both x-amz and x-goog headers"): it is always spoken to in its own.
 */
export type Dialect = "amz" | "goog";

/** A request to be signed. Header names are in lower case. */
export interface Unsigned {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hexadecimal. */
  bodySha256: string;
}

/** Whose signature, and in which scope. */
export interface Signer {
  dialect: Dialect;
  region: string;
  credentials: S3Credentials;
}

/** SHA-256 of no bytes. */
export const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** All headers of a request that is signed in its Authorization header. */
export async function signHeaders(signer: Signer, request: Unsigned): Promise<Record<string, string>> {
  const { method, url, bodySha256 } = request;
  if (signer.dialect === "goog") return (await signGoog4(signer, request, { in: "headers" })).headers;
  const headers = { ...request.headers, "x-amz-content-sha256": bodySha256 };
  const signed = await new AwsV4Signer({ ...scopeOf(signer), method, url: url.href, headers }).sign();
  return Object.fromEntries(signed.headers);
}

/**
 * A URL that carries its signature. All of the headers are signed, and have to be sent as they are.
 * @param seconds how long it is valid
 */
export async function signUrl(
  signer: Signer,
  request: Omit<Unsigned, "bodySha256">,
  seconds: number,
): Promise<URL> {
  const { method, url, headers } = request;
  if (signer.dialect === "goog") {
    const unsignedBody = { ...request, bodySha256: "UNSIGNED-PAYLOAD" };
    return (await signGoog4(signer, unsignedBody, { in: "query", seconds })).url;
  }
  const withExpiry = new URL(url);
  withExpiry.searchParams.set("X-Amz-Expires", String(seconds));
  const options = {
    method,
    url: withExpiry.href,
    headers: { ...headers },
    signQuery: true,
    allHeaders: true,
  };
  return (await new AwsV4Signer({ ...scopeOf(signer), ...options }).sign()).url;
}

function scopeOf({ region, credentials }: Signer) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { service: "s3", region, accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

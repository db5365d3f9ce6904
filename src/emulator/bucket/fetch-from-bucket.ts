import type { Bucket } from "./bucket.ts";
import { S3Error } from "./s3-error.ts";
import { parseRequest } from "./signature/request.ts";

/**
 * The service's GET of a registered URL, if that is one of the bucket's on this machine; else null. The signature is
 * verified as for a request over HTTP; faults are not injected, since they are for the client under test.
 */
export async function fetchFromBucket(
  url: string,
  bucket: Bucket,
): Promise<{ path: string } | { problem: string } | null> {
  const { hostname, host, pathname, search } = new URL(url);
  if (!/^(?:127\.0\.0\.1|(?:[a-z0-9-]+\.)?localhost)$/.test(hostname)) return null;
  const head = { method: "GET", url: pathname + search, headersDistinct: { host: [host] } };
  const request = parseRequest(head, bucket.settings.name);
  if (request.bucket !== bucket.settings.name) return null;
  try {
    return { path: await bucket.fileOf(request) };
  } catch (error) {
    if (error instanceof S3Error) return { problem: `the URL answered ${error.status} (${error.code})` };
    throw error;
  }
}

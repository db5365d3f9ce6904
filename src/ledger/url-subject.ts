import { sha256OfText } from "../bytes/sha256.ts";

/** What identifies the content of a URL that is registered as it is, as far as its server's headers allow. */
export interface UrlSubject {
  /** The URL without query, fragment and credentials. */
  sourceUrl: string;
  /** SHA-256 of the query without signature parameters; null if nothing is left of it. */
  querySha256: string | null;
  /** The strong ETag; null if there is none: then an asset of this URL is never reused. */
  etag: string | null;
  /** Size in bytes, or null. */
  bytes: number | null;
}

/**
 * Parameters of a signed URL, which change with each signing while the content stays the same. Each scheme is recognised
 * by its signature: `Expires` alone, or `sp`, may select the content.
 *
 * Sources (read 2026-11-29): AWS Signature Version 4 and 2 query parameters (docs.aws.amazon.com/AmazonS3, "Authenticating
 * Requests: Using Query Parameters"), CloudFront "signed URLs", Google Cloud Storage "signed URLs", Azure Storage "Create
 * a service SAS", Alibaba Cloud OSS "Include signatures in URLs", Tencent COS "Request signature".
 */
const schemes: readonly { signature: RegExp; parameters: RegExp }[] = [
  {
    signature: /^x-amz-signature$/i,
    parameters: /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token)$/i,
  },
  {
    signature: /^x-goog-signature$/i,
    parameters: /^x-goog-(?:algorithm|credential|date|expires|signedheaders|signature)$/i,
  },
  {
    signature: /^x-oss-signature$/i,
    parameters:
      /^x-oss-(?:signature|signature-version|credential|date|expires|additional-headers|security-token)$/i,
  },
  {
    signature: /^q-signature$/i,
    parameters:
      /^(?:q-(?:sign-algorithm|ak|sign-time|key-time|header-list|url-param-list|signature)|x-cos-security-token)$/i,
  },
  {
    signature: /^signature$/i,
    parameters:
      /^(?:signature|expires|awsaccesskeyid|googleaccessid|ossaccesskeyid|key-pair-id|policy|security-token)$/i,
  },
  {
    signature: /^sig$/,
    parameters: /^(?:sig|sv|se|st|sr|sp|spr|sip|si|ss|srt|skoid|sktid|skt|ske|sks|skv|sdd|saoid|suoid|scid)$/,
  },
];

/** The query of a URL without the parameters of its signature; in the order given. */
export function unsignedQuery(url: URL): string {
  const names = [...url.searchParams.keys()];
  const signatureParameters = schemes
    .filter(({ signature }) => names.some((name) => signature.test(name)))
    .map(({ parameters }) => parameters);
  return url.search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && !signatureParameters.some((parameters) => parameters.test(nameIn(pair))))
    .join("&");
}

/** What identifies the content of a URL; `etag` and `bytes` are from its server's headers. */
export function urlSubject(
  address: string,
  { etag, bytes }: { etag: string | null; bytes: number | null },
): UrlSubject {
  const url = new URL(address);
  const query = unsignedQuery(url);
  return {
    sourceUrl: url.origin + url.pathname,
    querySha256: query === "" ? null : sha256OfText(query),
    etag,
    bytes,
  };
}

function nameIn(pair: string): string {
  return [...new URLSearchParams(pair).keys()][0] ?? "";
}

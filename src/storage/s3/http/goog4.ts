import { sha256OfText } from "../../../bytes/sha256.ts";
import { encodeRfc3986 } from "../object-url.ts";
import type { Signer, Unsigned } from "./sign.ts";

/*
 * Google Cloud Storage's V4 signature with HMAC keys: AWS's, with other words (Google Cloud documentation, "Signatures"
 * and "Canonical requests", read 2026-11-29).
 */

const algorithm = "GOOG4-HMAC-SHA256";

/** Where the signature goes. */
export type SignaturePlace = { in: "headers" } | { in: "query"; seconds: number };

/** The request with its signature. */
export async function signGoog4(
  { credentials, region }: Pick<Signer, "credentials" | "region">,
  request: Unsigned,
  place: SignaturePlace,
  now: Date = new Date(),
): Promise<{ url: URL; headers: Record<string, string> }> {
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/storage/goog4_request`;
  const url = new URL(request.url);
  const headers: Record<string, string> = { ...request.headers };
  if (place.in === "headers") {
    headers["x-goog-date"] = time;
    headers["x-goog-content-sha256"] = request.bodySha256;
  }
  const signed: Record<string, string> = { host: url.host, ...headers };
  // Front ends rewrite these, or HTTP clients set them themselves.
  if (place.in === "headers") for (const name of ["content-type", "range"]) delete signed[name];
  const names = Object.keys(signed).sort();
  if (place.in === "query") {
    const parameters = {
      "X-Goog-Algorithm": algorithm,
      "X-Goog-Credential": `${credentials.accessKeyId}/${scope}`,
      "X-Goog-Date": time,
      "X-Goog-Expires": String(place.seconds),
      "X-Goog-SignedHeaders": names.join(";"),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  }
  const canonical = [
    request.method,
    url.pathname,
    canonicalQuery(url),
    ...names.map((name) => `${name}:${(signed[name] ?? "").trim().replace(/\s+/g, " ")}`),
    "",
    names.join(";"),
    request.bodySha256,
  ].join("\n");
  const text = [algorithm, time, scope, sha256OfText(canonical)].join("\n");
  const signature = await signatureOf(credentials.secretAccessKey, scope, text);
  if (place.in === "query") url.searchParams.set("X-Goog-Signature", signature);
  else
    headers.authorization = `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { url, headers };
}

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map((pair) => pair.map(encodeRfc3986))
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0))
    .map((pair) => pair.join("="))
    .join("&");
}

async function signatureOf(secret: string, scope: string, text: string): Promise<string> {
  let key: Uint8Array<ArrayBuffer> = new TextEncoder().encode(`GOOG4${secret}`);
  for (const part of scope.split("/")) key = await hmac(key, part);
  return Array.from(await hmac(key, text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text)));
}

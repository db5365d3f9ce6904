import { MediaPreflightError } from "../../errors.ts";
import { Problem } from "./problem.ts";

/**
 * Which pages may call, besides those of the request's own origin.
 * @throws MediaPreflightError `usage` for "*" and anything else that is no origin
 */
export function checkAllowedOrigins(allowed: readonly string[]): ReadonlySet<string> {
  for (const origin of allowed) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new MediaPreflightError("usage", `allowedOrigins: ${JSON.stringify(origin)} is not an origin`, {
        hint: 'write it as "https://app.example.com", without a path; "*" is not offered',
      });
    }
  }
  return new Set(allowed);
}

/**
 * The allowed other origin of a request, which the response must name; null for the same origin and for callers that are
 * not pages. `Sec-Fetch-Site` cannot be set by a page (Fetch Metadata Request Headers, W3C); browsers leave it out where
 * there is no TLS. Then same origin means the same host as the request's: behind a proxy that ends TLS the scheme differs,
 * and the URL's host is not always the one asked for (Next.js 16 states its own, `localhost`), but the header Host is.
 * @throws Problem 403
 */
export function checkOrigin(request: Request, allowed: ReadonlySet<string>): string | null {
  const origin = request.headers.get("origin");
  if (origin !== null && allowed.has(origin)) return origin;
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin") return null;
  const hosts = [new URL(request.url).host, request.headers.get("host")];
  const same = origin === null || (URL.canParse(origin) && hosts.includes(new URL(origin).host));
  if (same && (site === null || site === "none")) return null;
  throw new Problem(403, "forbidden", "calls from this origin are not allowed", {
    hint: "call it from the page's own origin, or name the origin in allowedOrigins",
  });
}

/** Adds the headers that allow a page of another origin to read the response, and `nosniff`. */
export function withCorsHeaders(response: Response, origin: string | null): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(corsHeaders(origin))) headers.append(name, value);
  headers.set("x-content-type-options", "nosniff");
  return new Response(response.body, { status: response.status, headers });
}

function corsHeaders(origin: string | null): Record<string, string> {
  const vary = { vary: "Origin" };
  if (origin === null) return vary;
  return {
    ...vary,
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "Retry-After",
  };
}

/** The response to a CORS preflight request. */
export function corsPreflightResponse(origin: string | null, requestedHeaders: string | null): Response {
  const headers = new Headers(corsHeaders(origin));
  if (origin !== null) {
    headers.set("access-control-allow-methods", "GET, POST");
    // Only the header names: authorize checks their values.
    const names = /^[\w\s,-]{0,1000}$/.test(requestedHeaders ?? "") ? requestedHeaders : null;
    headers.set(
      "access-control-allow-headers",
      names ?? "content-type, x-media-type, x-file-name, x-asset-name",
    );
    headers.set("access-control-max-age", "600");
  }
  return new Response(null, { status: 204, headers });
}

import { MediaPreflightError } from "../errors.ts";
import { Problem } from "./problem.ts";

/**
 * Who may call from a page. `allowed` are exact origins besides the request's own.
 * @throws MediaPreflightError `usage` for "*" and whatever is no origin
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
 * The foreign origin that is allowed and must be named in the answer, or null for the own one and for callers
 * that are no pages. Same-origin means the same host as the request's: behind a proxy that ends TLS the scheme
 * differs. `Sec-Fetch-Site` cannot be set by a page (Fetch Metadata Request Headers, W3C).
 * @throws Problem 403
 */
export function judgeOrigin(request: Request, allowed: ReadonlySet<string>): string | null {
  const origin = request.headers.get("origin");
  if (origin !== null && allowed.has(origin)) return origin;
  const same =
    origin === null || (URL.canParse(origin) && new URL(origin).host === new URL(request.url).host);
  const site = request.headers.get("sec-fetch-site");
  const direct = site === null || site === "same-origin" || site === "none";
  if (same && direct) return null;
  throw new Problem(403, "forbidden", "calls from this origin are not allowed", {
    hint: "call it from the page's own origin, or name the origin in allowedOrigins",
  });
}

/** Headers that let an allowed foreign page read the answer. */
export function corsHeaders(origin: string | null): Record<string, string> {
  const vary = { vary: "Origin" };
  if (origin === null) return vary;
  return {
    ...vary,
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "Retry-After",
  };
}

/** The answer to a preflight of an allowed origin. */
export function preflightAnswer(origin: string | null, asked: string | null): Response {
  const headers = new Headers(corsHeaders(origin));
  if (origin !== null) {
    headers.set("access-control-allow-methods", "GET, POST");
    // Header names only; what they may hold is authorize's affair.
    const names = /^[\w\s,-]{0,1000}$/.test(asked ?? "") ? asked : null;
    headers.set(
      "access-control-allow-headers",
      names ?? "content-type, x-media-type, x-file-name, x-asset-name",
    );
    headers.set("access-control-max-age", "600");
  }
  return new Response(null, { status: 204, headers });
}

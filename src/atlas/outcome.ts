import { type Call, Unfit } from "./call.ts";
import { errorText, parseJson, unwrap, upstreamCodeOf } from "./envelope.ts";
import { AtlasError, type AtlasErrorDetails } from "./error.ts";
import { causedBy, plainCause, type Scrub } from "./redact.ts";
import { codeOfStatus, hintOfStatus, isRetryableStatus } from "./status.ts";

/** What became of one try. */
export type CallResult<T> = { value: T } | { error: AtlasError; retryAfter: number | null };

/** An answer as a value, or as the error that it is. */
export function judgeAnswer<T>(call: Call<T>, response: Response, text: string, scrub: Scrub): CallResult<T> {
  const details: AtlasErrorDetails = {
    status: response.status,
    requestId: scrub(response.headers.get("x-request-id") ?? "").slice(0, 200) || null,
    host: call.host,
    id: call.id ?? null,
  };
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
  const html = /^\s*</.test(text);
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : parseJson(text);
  } catch {
    body = null;
  }
  const envelope = unwrap(body);
  const fail = (status: number, more: AtlasErrorDetails, told: string): CallResult<T> => {
    const code = codeOfStatus(status);
    const retryable = isRetryableStatus(status) || more.retryable === true;
    // A 4xx is a refusal: nothing took effect. Anything else leaves a doubt.
    const outcome = call.changes && !(status >= 400 && status < 500 && status !== 408) ? "unknown" : "none";
    const known = more.upstreamCode && `look the code up: media-preflight explain ${more.upstreamCode}`;
    const hint = (status === 400 && known) || hintOfStatus(status, call.host, html);
    const error = new AtlasError(code, `${call.name}: the ${call.host} host answered ${told}`, {
      ...details,
      outcome,
      ...(hint && { hint }),
      ...more,
      retryable,
    });
    return { error, retryAfter };
  };
  const said = (body: unknown): string => {
    const message = errorText(body);
    return message ? `: ${scrub(message).slice(0, 1000)}` : "";
  };
  const upstream = scrub(upstreamCodeOf(body) ?? "") || null;
  if (!response.ok) {
    if (response.status < 400)
      return fail(
        response.status,
        { hint: `is the ${call.host} base URL right?` },
        `${response.status || "with"} a redirect`,
      );
    if (!envelope)
      return fail(
        response.status,
        { retryable: response.status === 403 },
        `${response.status} with ${html ? "an HTML page" : "something other than JSON"}`,
      );
    return fail(response.status, { upstreamCode: upstream }, `${response.status}${said(body)}`);
  }
  if (!envelope)
    return fail(
      response.status,
      { retryable: true, hint: `a proxy may have answered, or the ${call.host} base URL is wrong` },
      `${response.status} with ${html ? "an HTML page" : "something other than JSON"}`,
    );
  if (envelope.error) {
    const status = statusOfCode(envelope.error.code) ?? response.status;
    const named = upstream ?? (status === response.status ? scrub(envelope.error.code) : null);
    return fail(
      status,
      { status, upstreamCode: named },
      `HTTP ${response.status} with error code ${scrub(envelope.error.code).slice(0, 80)}${said(body)}`,
    );
  }
  try {
    return { value: call.decode(envelope) };
  } catch (stop) {
    if (!(stop instanceof Unfit)) throw stop;
    return fail(
      response.status,
      { hint: "the service's answers may have changed: report this" },
      scrub(stop.why),
    );
  }
}

/** The HTTP status that an envelope's error code stands for; null for a number that is none. */
function statusOfCode(code: string): number | null {
  const number = Number(code);
  if (!Number.isNaN(number)) return number >= 400 && number < 600 ? number : null;
  if (/^(?:InternalError|InternalServiceError|ServiceUnavailable)/i.test(code)) return 500;
  return /^RequestLimitExceeded/i.test(code) ? 429 : 400;
}

/** The request was never sent, for certain. */
const neverSent: ReadonlySet<string> = new Set(
  "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH UND_ERR_CONNECT_TIMEOUT CERT_HAS_EXPIRED \
DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_TLS_CERT_ALTNAME_INVALID".split(
    " ",
  ),
);
const hopeless: ReadonlySet<string> = new Set([...neverSent].filter((code) => /CERT|LEAF/.test(code)));
const fileGone: ReadonlySet<string> = new Set(["NotReadableError", "NotFoundError"]);

/** What went wrong where no answer came. `silent`: milliseconds without any progress, where that ended it. */
export function judgeFault(
  call: Call<unknown>,
  error: unknown,
  silent: number | null,
  scrub: Scrub,
): AtlasError {
  const sent = !causedBy(error, neverSent);
  const shared: AtlasErrorDetails = {
    host: call.host,
    id: call.id ?? null,
    outcome: call.changes && sent ? "unknown" : "none",
  };
  const cause = plainCause(error, scrub);
  const where = `${call.name} (${call.host} host)`;
  if (call.signal?.aborted) {
    const timeout = (call.signal.reason as { name?: unknown } | undefined)?.name === "TimeoutError";
    return timeout
      ? new AtlasError("timeout", `${where}: the deadline passed`, { ...shared, cause })
      : new AtlasError("aborted", `${where}: stopped by the caller`, { ...shared, cause });
  }
  if (error instanceof Unfit)
    return new AtlasError("protocol", `${where}: ${error.why}`, { ...shared, retryable: false });
  if (silent !== null)
    return new AtlasError("timeout", `${where}: nothing came for ${Math.round(silent / 1000)} s`, {
      ...shared,
      cause,
      retryable: true,
      hint: "try again later; a slow line wants a longer timeout",
    });
  if (call.upload && causedBy(error, fileGone))
    return new AtlasError("changed", `${where}: the file changed while it was being sent`, {
      ...shared,
      cause,
      hint: "check it again, then send it again",
    });
  return new AtlasError("network", `${where}: ${sent ? "the connection broke" : "no connection"}`, {
    ...shared,
    cause,
    retryable: !causedBy(error, hopeless),
    hint: sent ? undefined : `is the network up, and the ${call.host} base URL right?`,
  });
}

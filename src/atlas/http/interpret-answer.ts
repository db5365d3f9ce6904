import { redactUrl } from "../../bytes/url/redact.ts";
import { AtlasError, type AtlasErrorDetails } from "../error.ts";
import { type Call, InvalidAnswer } from "./call.ts";
import { type Envelope, errorText, isFields, parseJson, unwrap, upstreamCodeOf } from "./envelope.ts";
import type { Scrub } from "./redact.ts";
import { parseRetryAfter } from "./retry.ts";
import { accountClosed, codeOfStatus, hintOfStatus, isRetryableStatus } from "./status.ts";

/** The result of one attempt. */
export type CallResult<T> = { value: T } | { error: AtlasError };

/** One answer, and what is needed to interpret it. */
interface Answer<T> {
  call: Call<T>;
  response: Response;
  text: string;
  html: boolean;
  /** The parsed body, or null if it is not JSON. */
  body: unknown;
  scrub: Scrub;
}

/** Turns an answer of the service into a value or an error. */
export function interpretAnswer<T>(
  call: Call<T>,
  response: Response,
  text: string,
  scrub: Scrub,
): CallResult<T> {
  const answer: Answer<T> = { call, response, text, html: /^\s*</.test(text), body: parsed(text), scrub };
  const envelope = unwrap(answer.body);
  if (isRedirect(response)) return redirected(answer);
  if (!envelope) return notJson(answer);
  if (!response.ok) return finalFailure(answer) ?? refused(answer);
  if (envelope.error) return finalFailure(answer) ?? refusedInEnvelope(answer, envelope.error.code);
  return decoded(answer, envelope);
}

function parsed(text: string): unknown {
  try {
    return text.trim() === "" ? {} : parseJson(text);
  } catch {
    return null;
  }
}

function isRedirect({ status, type }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

function redirected<T>(answer: Answer<T>): CallResult<T> {
  const { call, response, scrub } = answer;
  const location = response.headers.get("location");
  const base = response.url || undefined;
  const target = location && URL.canParse(location, base) ? new URL(location, base) : null;
  const where = target ? ` to ${scrub(redactUrl(target))}` : "";
  return failure(answer, response.status, `${response.status || "with"} a redirect${where}`, {
    hint: `is the ${call.host} base URL right? The key is not sent to another address`,
    retryable: false,
  });
}

/** HTML or text: from a proxy or firewall, or from another site. */
function notJson<T>(answer: Answer<T>): CallResult<T> {
  const { call, response, html, text } = answer;
  const filtered = response.status === 403 && /\berror code:\s*1010\b/i.test(text);
  const what = filtered ? "code 1010" : html ? "an HTML page" : "something other than JSON";
  if (filtered)
    return failure(answer, 403, `403 with ${what}: its filter refuses this client`, {
      hint: "a proxy may have removed the User-Agent header; try another network",
      retryable: false,
    });
  if (response.ok)
    return failure(answer, response.status, `${response.status} with ${what}`, {
      // Not for an upload: all of the file would be sent again, probably for the same page.
      retryable: call.upload === undefined,
      hint: `is the ${call.host} base URL right? A proxy or a sign-in page of the network may have answered`,
    });
  return failure(answer, response.status, `${response.status} with ${what}`, {
    retryable: response.status === 403 || isRetryableStatus(response.status),
  });
}

/** A failed prediction may arrive as HTTP 5xx, or with an error code: it is a result, not an outage. */
function finalFailure<T>({ call, body }: Answer<T>): CallResult<T> | null {
  const data = isFields(body) ? body.data : null;
  if (!call.decodeFailure || !isFields(data)) return null;
  try {
    const value = call.decodeFailure(data);
    return value === null ? null : { value };
  } catch (error) {
    if (error instanceof InvalidAnswer) return null;
    throw error;
  }
}

function refused<T>(answer: Answer<T>): CallResult<T> {
  const { response, body, scrub } = answer;
  const upstreamCode = scrub(upstreamCodeOf(body) ?? "") || null;
  return failure(answer, response.status, `${response.status}${messageOf(answer)}`, { upstreamCode });
}

/** HTTP 200 with an error code in the envelope. */
function refusedInEnvelope<T>(answer: Answer<T>, code: string): CallResult<T> {
  const { response, body, scrub } = answer;
  const status = statusOfCode(code) ?? response.status;
  const upstream = scrub(upstreamCodeOf(body) ?? "") || null;
  const upstreamCode = upstream ?? (status === response.status ? scrub(code) : null);
  const described = `HTTP ${response.status} with error code ${scrub(code).slice(0, 80)}${messageOf(answer)}`;
  return failure(answer, status, described, { status, upstreamCode });
}

function decoded<T>(answer: Answer<T>, envelope: Envelope): CallResult<T> {
  try {
    return { value: answer.call.decode(envelope, serverTime(answer.response)) };
  } catch (error) {
    if (!(error instanceof InvalidAnswer)) throw error;
    return failure(answer, answer.response.status, answer.scrub(error.why), {
      hint: "the service's answers may have changed: please report this",
    });
  }
}

function messageOf({ body, scrub }: Answer<unknown>): string {
  const message = errorText(body);
  return message ? `: ${scrub(message).slice(0, 1000)}` : "";
}

function failure<T>(
  { call, response, html, body, scrub }: Answer<T>,
  status: number,
  described: string,
  more: AtlasErrorDetails,
): CallResult<T> {
  const upstreamCode = more.upstreamCode ?? null;
  const closed = accountClosed(upstreamCode, errorText(body), status);
  const code = closed ?? codeOfStatus(status);
  // After a 4xx it is certain that the request had no effect; after anything else it is not.
  const certain = status >= 400 && status < 500 && status !== 408;
  const lookUp =
    status === 400 && upstreamCode && `look the code up: media-preflight explain ${upstreamCode}`;
  const hint = lookUp || hintOfStatus(status, code, call.host, html);
  const error = new AtlasError(code, `${call.name}: the ${call.host} host answered ${described}`, {
    status: response.status,
    requestId: scrub(response.headers.get("x-request-id") ?? "").slice(0, 200) || null,
    host: call.host,
    id: call.id ?? null,
    outcome: call.changes && !certain ? "unknown" : "none",
    retryable: closed === null && isRetryableStatus(status),
    retryAfter: parseRetryAfter(response.headers.get("retry-after"), serverTime(response)),
    ...(hint && { hint }),
    ...more,
  });
  return { error };
}

/** The service's own time, so that its dates are not compared with another clock; ours if it sends no Date. */
function serverTime({ headers }: Response): number {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? Date.now() : date;
}

/** The HTTP status that an envelope's error code means; null for a number that is none. */
function statusOfCode(code: string): number | null {
  const number = Number(code);
  if (!Number.isNaN(number)) return number >= 400 && number < 600 ? number : null;
  if (/^(?:InternalError|InternalServiceError|ServiceUnavailable)/i.test(code)) return 500;
  return /^RequestLimitExceeded/i.test(code) ? 429 : 400;
}

import { MediaPreflightError } from "../../errors.ts";
import { UrlFault } from "./connection-error.ts";
import type { UrlAnswer } from "./get.ts";
import { redactUrl } from "./redact.ts";
import { readUpTo } from "./response.ts";

/** Bytes of an error page that are kept: enough to recognise it. */
const pageBytes = 16_384;

/** The error for a status without the file, with the beginning of the page that came instead. */
export async function statusFault(answer: UrlAnswer): Promise<UrlFault> {
  const { bytes: head } = await readUpTo(answer, pageBytes);
  const { status, url } = answer;
  return new UrlFault(url, { kind: "status", status, url, head, contentType: answer.header("content-type") });
}

/** The server answered with another range than was requested. */
export function wrongRange(url: URL): MediaPreflightError {
  return new MediaPreflightError("network", "the server answered with another range than requested", {
    url: redactUrl(url),
    hint: "the server's range support is broken: use another address",
  });
}

/** The answer ended before its stated end. */
export function cutShort(url: URL): MediaPreflightError {
  return new MediaPreflightError("network", "the answer was cut short", {
    url: redactUrl(url),
    retryable: true,
    hint: "try again later",
  });
}

import { AtlasError, type AtlasErrorDetails } from "../error.ts";
import { type Call, InvalidAnswer } from "./call.ts";
import { type ConnectionFault, connectionFault, explainConnection } from "./connection-fault.ts";
import { causedBy, plainCause, type Scrub } from "./redact.ts";
import { WrongBodySize } from "./upload-body.ts";

/** Names of the errors of a Blob over a file that changed, or is gone. */
const changedFile: ReadonlySet<string> = new Set(["NotReadableError", "NotFoundError"]);

/** What ended an attempt without an answer. */
export interface Fault {
  error: unknown;
  /** Milliseconds without any progress, if that ended it. */
  silent: number | null;
  /** The request's URL. */
  url: string;
}

/** The error for an attempt without an answer. */
export function faultError(call: Call<unknown>, { error, silent, url }: Fault, scrub: Scrub): AtlasError {
  const fault = connectionFault(error);
  const cause = plainCause(error, scrub);
  const where = `${call.name} (${call.host} host)`;
  const shared: AtlasErrorDetails = {
    host: call.host,
    id: call.id ?? null,
    outcome: call.changes && fault === "broken" ? "unknown" : "none",
    ...(cause !== undefined && { cause }),
  };
  if (call.signal?.aborted) {
    const timeout = (call.signal.reason as { name?: unknown } | undefined)?.name === "TimeoutError";
    return timeout
      ? new AtlasError("timeout", `${where}: the deadline passed`, shared)
      : new AtlasError("aborted", `${where}: interrupted`, shared);
  }
  if (error instanceof InvalidAnswer) return new AtlasError("protocol", `${where}: ${error.why}`, shared);
  if (silent !== null)
    return new AtlasError("timeout", `${where}: no data for ${Math.round(silent / 1000)} s`, {
      ...shared,
      retryable: true,
      hint: "try again later; a slow connection needs a longer timeout",
    });
  return (call.upload && uploadFault(error, where, shared)) ?? networkFault(fault, where, url, shared);
}

function uploadFault(error: unknown, where: string, shared: AtlasErrorDetails): AtlasError | null {
  const wrongSize = findWrongSize(error);
  if (wrongSize)
    return new AtlasError("changed", `${where}: not sent, ${wrongSize.message}`, {
      ...shared,
      hint: "the file changed while it was read, or this runtime cannot stream it; nothing was registered",
    });
  if (!causedBy(error, changedFile)) return null;
  return new AtlasError("changed", `${where}: the file changed while it was being sent`, {
    ...shared,
    hint: "check it again, then send it again",
  });
}

function findWrongSize(error: unknown, depth = 0): WrongBodySize | null {
  if (error instanceof WrongBodySize) return error;
  const cause = (error as { cause?: unknown } | null | undefined)?.cause;
  return cause === undefined || depth > 5 ? null : findWrongSize(cause, depth + 1);
}

function networkFault(
  fault: ConnectionFault,
  where: string,
  url: string,
  shared: AtlasErrorDetails,
): AtlasError {
  const { message, hint } = explainConnection(fault, url, shared);
  return new AtlasError("network", `${where}: ${message}`, {
    ...shared,
    retryable: fault === "broken" || fault === "no-connection",
    ...(hint !== null && { hint }),
  });
}

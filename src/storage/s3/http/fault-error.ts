import { InvalidAnswer } from "../../../atlas/http/call.ts";
import { connectionFault } from "../../../atlas/http/connection-fault.ts";
import { causedBy, plainCause } from "../../../atlas/http/redact.ts";
import { WrongBodySize } from "../../../atlas/http/upload-body.ts";
import { StorageError } from "../../error.ts";

/** Names of the errors of a Blob over a file that changed, or is gone. */
const changedFile: ReadonlySet<string> = new Set(["NotReadableError", "NotFoundError"]);

interface Fault {
  cause: unknown;
  /** Milliseconds without any progress, if that ended it. */
  silent: number | null;
  url: URL;
  scrub(text: string): string;
}

/** The error for an attempt without an answer. */
export function faultError(
  { name, key, sendsBody }: { name: string; key: string | null; sendsBody: boolean },
  { cause: raw, silent, url, scrub }: Fault,
): StorageError {
  const cause = plainCause(raw, scrub);
  const shared = { cause, key };
  if (raw instanceof InvalidAnswer) return new StorageError("protocol", `${name}: ${raw.why}`, shared);
  if (silent !== null)
    return new StorageError("timeout", `${name}: no data for ${Math.round(silent / 1000)} s`, {
      ...shared,
      retryable: true,
      hint: "try again later; a slow connection needs a longer timeout",
    });
  if (sendsBody && (causedBy(raw, changedFile) || hasWrongSize(raw)))
    return new StorageError("changed", `${name}: the file changed while it was being sent`, {
      ...shared,
      hint: "check it again, then send it again",
    });
  const fault = connectionFault(raw);
  const messages = {
    redirect: `${url.host} answered with a redirect`,
    certificate: `the TLS certificate of ${url.hostname} is not trusted`,
    proxy: "the proxy refused the connection",
    "no-connection": `no connection to ${url.host}`,
    "blocked-port": `fetch does not use port ${url.port}`,
    broken: "the connection broke",
  } as const;
  return new StorageError("network", `${name}: ${messages[fault]}`, {
    ...shared,
    retryable: fault === "broken" || fault === "no-connection",
    hostUnreachable: fault !== "broken" && fault !== "redirect",
    hint:
      fault === "broken"
        ? "run it again; completed steps are skipped"
        : "check the network, the region (AWS_REGION) and the endpoint (AWS_ENDPOINT_URL_S3)",
  });
}

function hasWrongSize(error: unknown, depth = 0): boolean {
  if (error instanceof WrongBodySize) return true;
  const inner = (error as { cause?: unknown } | null | undefined)?.cause;
  return inner !== undefined && depth < 5 && hasWrongSize(inner, depth + 1);
}

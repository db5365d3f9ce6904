import { MediaPreflightError } from "../../errors.ts";

/** SQLSTATE classes and codes after which the same statement may succeed on another connection (PostgreSQL 15, appendix A). */
const transientStates: readonly RegExp[] = [
  /^08/, // connection exceptions
  /^57P0[123]$/, // shutdown, crash, starting up
  /^57014$/, // a cancelled statement
  /^53300$/, // too many connections
  /^25006$/, // read-only: a standby, before or after a failover
  /^40(?:001|P01)$/, // serialization failure, deadlock
];

const transientCodes: ReadonlySet<string> = new Set(
  "ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENETDOWN EAI_AGAIN ENOTFOUND ENOENT".split(
    " ",
  ),
);

/** Messages of transient errors without a code. */
const transientMessages =
  /connection terminated|connection error|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|not queryable|server conn crashed|pooler|closed the connection/i;

/** Whether the connection was lost, or the server cannot answer just now. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string")
    return transientCodes.has(code) || transientStates.some((state) => state.test(code));
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss);
  return transientMessages.test(String(message));
}

/** The database does not answer. @param where host, port and database, without user and password */
export function unreachable(where: string, cause: unknown): MediaPreflightError {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const reason = typeof code === "string" && !isState(code) ? code : String(message || "no connection");
  return new MediaPreflightError(
    "ledger-unreachable",
    `cannot reach the ledger's database at ${where} (${reason})`,
    {
      hint: "check MEDIA_PREFLIGHT_LEDGER and that the database runs, then run the same command again",
      retryable: true,
    },
  );
}

/** SQLSTATE (PostgreSQL 15, appendix A), and not a code of Node.js. */
const isState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && !transientCodes.has(code);

/** Classes of faults of a statement or its values: but for missing rights and tables, they are ours. */
const faultsOfStatements = /^(?:2[23]|42(?!501|P01))/;

/**
 * What the database, or the way to it, refuses and will refuse again, as a coded error: rights, password, certificate, disk
 * space. A fault of our own stays as it is.
 */
export function refusalOr(where: string, cause: unknown): unknown {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const state = typeof code === "string" && isState(code) ? code : "";
  if (!(cause instanceof Error) || cause instanceof TypeError || faultsOfStatements.test(state)) return cause;
  return new MediaPreflightError(
    "ledger-unreachable",
    `the ledger's database at ${where} refused: ${String(message)}`,
    { hint: hintFor(state) },
  );
}

function hintFor(state: string): string {
  if (state === "42501")
    return "grant the rights that the documentation lists; media-preflight ledger migrate needs the right to create tables";
  if (state === "42P01") return "run media-preflight ledger migrate";
  if (state !== "" && !/^(?:28|3D)/.test(state)) return "the database's log says more";
  return "check the address, the user, the password, the database's name and its TLS settings (sslmode)";
}

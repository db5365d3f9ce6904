import { MediaPreflightError } from "../../errors.ts";

/** SQLSTATE classes and codes after which the same statement may succeed on another connection (PostgreSQL 15, appendix A). */
const passingStates: readonly RegExp[] = [
  /^08/, // connection exceptions
  /^57P0[123]$/, // shutdown, crash, starting up
  /^57014$/, // a cancelled statement
  /^53300$/, // too many connections
  /^25006$/, // read-only: a standby, before or after a failover
  /^40(?:001|P01)$/, // serialization failure, deadlock
];

const passingCodes: ReadonlySet<string> = new Set(
  "ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENETDOWN EAI_AGAIN ENOTFOUND ENOENT".split(
    " ",
  ),
);

/** Words of errors that the driver gives no code. */
const passingWords =
  /connection terminated|connection error|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|not queryable|server conn crashed|pooler|closed the connection/i;

/** Whether the connection was lost, or the server cannot answer just now. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string")
    return passingCodes.has(code) || passingStates.some((state) => state.test(code));
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss);
  return passingWords.test(String(message));
}

/** The database does not answer. @param where host, port and database, without user and password */
export function unreachable(where: string, cause: unknown): MediaPreflightError {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const reason = typeof code === "string" ? code : String(message || "no connection");
  return new MediaPreflightError(
    "ledger-unreachable",
    `cannot reach the ledger's database at ${where} (${reason})`,
    {
      hint: "check MEDIA_PREFLIGHT_LEDGER and that the database runs, then run the same command again",
      retryable: true,
    },
  );
}

/** An answer of the database that trying again does not change: rights, a wrong password, no such database. */
export function refused(where: string, cause: unknown): MediaPreflightError {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const hint =
    code === "42501"
      ? "grant the rights that the documentation lists; media-preflight ledger migrate needs the right to create tables"
      : "check the address, the user, the password and the database's name";
  return new MediaPreflightError(
    "ledger-unreachable",
    `the ledger's database at ${where} refused: ${String(message)}`,
    { hint },
  );
}

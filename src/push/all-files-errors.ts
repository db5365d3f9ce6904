/** Error codes after which no other file can succeed. */
const codes: ReadonlySet<string> = new Set([
  "no-key",
  "unauthorized",
  "payment-required",
  "forbidden",
  "storage-denied",
  "storage-config",
  "ledger-invalid",
  "ledger-locked",
  "ledger-unreachable",
  "bad-table",
]);

/** Whether every other file would fail with the same error: the key, the account, the ledger, or a host that is unreachable. */
export function concernsAllFiles(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 3) return false;
  const { code, hostUnreachable, cause } = error as Record<string, unknown>;
  return codes.has(String(code)) || hostUnreachable === true || concernsAllFiles(cause, depth + 1);
}

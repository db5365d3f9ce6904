import { isDatabase } from "./database-url.ts";
import { fileLedger } from "./file/file-ledger.node.ts";
import type { Ledger } from "./ledger.ts";
import { postgresLedger } from "./postgres/postgres-ledger.node.ts";

/** The ledger at `postgres://…`, or in a file. */
export function openLedger(location: string): Ledger {
  return isDatabase(location) ? postgresLedger(location) : fileLedger(location);
}

import { fileLedger } from "./file/file-ledger.node.ts";
import type { Ledger } from "./ledger.ts";
import { postgresLedger } from "./postgres/postgres-ledger.node.ts";

/** Whether a ledger's place is a database; otherwise it is a file. */
export function isDatabase(place: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(place);
}

/** Whether a database's URL carries a password, which must not be an argument: other users see arguments. */
export function hasPassword(place: string): boolean {
  return isDatabase(place) && URL.canParse(place) && new URL(place).password !== "";
}

/** The ledger at `postgres://…`, or in a file. */
export function openLedger(place: string): Ledger {
  return isDatabase(place) ? postgresLedger(place) : fileLedger(place);
}

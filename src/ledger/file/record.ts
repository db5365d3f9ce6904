import { type LedgerEntry, orderedEntry } from "../entry.ts";

/** A ledger object of some process. */
export interface Owner {
  pid: number;
  /** Host name, with the process namespace if it is not the machine's own. */
  host: string;
  /** When that process started, in a form that depends on the platform; null if unknown. */
  started: string | null;
  /** Distinguishes two owners within one process. */
  nonce: string;
}

/** The owner of an entry. */
export interface EntryOwner extends Owner {
  /** Distinguishes two claims of one owner. */
  claim: string;
  /** Milliseconds after which another host may take the entry if it is unchanged. */
  lease: number;
  /** Counts renewals, so that another host sees a change. */
  renewals: number;
}

/** An entry as the ledger file has it. */
export interface FileRecord {
  entry: LedgerEntry;
  /** Absent if no process works on it. */
  owner?: EntryOwner | undefined;
  /** Proves that this machine wrote the entry: see proof.node.ts. */
  proof?: string | undefined;
}

/** The text of the record in the file, one field per line. */
export function recordText({ entry, proof, owner }: FileRecord): string {
  return JSON.stringify({ ...orderedEntry(entry), proof, owner }, null, 2);
}

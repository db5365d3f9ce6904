import { type LedgerEntry, orderedEntry } from "../entry.ts";

/** A process, or one of its ledgers, that works on something. */
export interface Owner {
  pid: number;
  /** Host name, with the process namespace if it is not the machine's own. */
  host: string;
  /** When that process started, in the platform's own count; null if unknown. */
  started: string | null;
  /** Tells two owners within one process apart. */
  nonce: string;
}

/** Who has an entry. */
export interface EntryOwner extends Owner {
  /** Tells two claims of one owner apart. */
  claim: string;
  /** Milliseconds after which another host may take the entry if it saw no change of it. */
  lease: number;
  /** Counts the signs of life: another host sees that it changes. */
  renewals: number;
}

/** An entry as the ledger file has it. */
export interface FileRecord {
  entry: LedgerEntry;
  /** Absent if nobody works on it. */
  owner?: EntryOwner | undefined;
  /** Proves that this machine wrote the entry: see proof.node.ts. */
  proof?: string | undefined;
}

/** The record as it stands in the file, one field a line. */
export function recordText({ entry, proof, owner }: FileRecord): string {
  return JSON.stringify({ ...orderedEntry(entry), proof, owner }, null, 2);
}

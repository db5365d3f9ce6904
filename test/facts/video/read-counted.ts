import { readFileSync } from "node:fs";
import { fromBytes } from "../../../src/bytes/memory.ts";
import type { Budgets } from "../../../src/facts/budget.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { readEvidence } from "../read-evidence.ts";

/** A fixture of fixtures/video, by name. */
export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/video/${name}`, import.meta.url)));

/** Reads bytes 4 KiB at a time, as a local file is read, and counts them. */
export async function readCounted(
  bytes: Uint8Array,
  budgets: Partial<Budgets> = {},
): Promise<{ evidence: Evidence; bytesRead: number }> {
  let bytesRead = 0;
  const source = fromBytes(bytes);
  const counted = {
    ...source,
    minReadSize: 4096,
    read: (offset: number, length: number) => {
      bytesRead += Math.min(length, bytes.length - offset);
      return source.read(offset, length);
    },
  };
  const evidence = await readEvidence(counted, { budgets });
  return { evidence, bytesRead };
}

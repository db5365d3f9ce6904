import { readFileSync } from "node:fs";
import { fromBytes } from "../../../src/bytes/memory.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { readEvidence } from "../../../src/facts/inspect.ts";

/** A fixture of fixtures/video, by name. */
export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/video/${name}`, import.meta.url)));

/** Reads bytes in grains of 4 KiB, as a local file is read, and counts them. */
export async function examine(bytes: Uint8Array): Promise<{ evidence: Evidence; bytesRead: number }> {
  let bytesRead = 0;
  const source = fromBytes(bytes);
  const evidence = await readEvidence({
    ...source,
    grain: 4096,
    read: (offset, length) => {
      bytesRead += Math.min(length, bytes.length - offset);
      return source.read(offset, length);
    },
  });
  return { evidence, bytesRead };
}

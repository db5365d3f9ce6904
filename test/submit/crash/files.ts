import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { wav } from "./wav.ts";

/** SHA-256 of the files that pass, and of those that do not. */
export interface FileHashes {
  pass: Set<string>;
  fail: Set<string>;
}

/**
 * Writes a folder of distinct WAVs, every tenth too short to pass.
 * @param passing the bytes of the nth file, if it should pass
 */
export async function makeFiles(
  folder: string,
  count: number,
  passing: (n: number) => Buffer = (n) => wav(2.5, n),
): Promise<FileHashes> {
  await mkdir(folder, { recursive: true });
  const hashes: FileHashes = { pass: new Set(), fail: new Set() };
  for (let n = 0; n < count; n++) {
    const passes = n % 10 !== 9;
    const bytes = passes ? passing(n) : wav(1, n);
    hashes[passes ? "pass" : "fail"].add(createHash("sha256").update(bytes).digest("hex"));
    await writeFile(join(folder, `take ${String(n).padStart(4, "0")}.wav`), bytes);
  }
  return hashes;
}

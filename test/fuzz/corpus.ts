import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface CorpusFile {
  path: string;
  bytes: Uint8Array;
}

/** The fixtures, those that are no larger than `most` bytes: a mutation of a small file is more likely to hit a header. */
export function readCorpus(most = 128 * 1024, folder = "fixtures"): CorpusFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !/\.(json|md|sh|ts)$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= most)
    .sort()
    .map((path) => ({ path, bytes: new Uint8Array(readFileSync(path)) }));
}

import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Opinion } from "./opinion.ts";

/** Results by tool name; null if the tool had none. */
export type Opinions = Record<string, Opinion | null>;

/** Increased when the parsing of a tool's output changes. */
const edition = 3;
const folder = join(tmpdir(), `media-preflight-oracle-${edition}`);
mkdirSync(folder, { recursive: true });

/** SHA-256 of a file, in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Earlier results for these bytes. */
export function recall(hash: string): Opinions {
  try {
    return JSON.parse(readFileSync(join(folder, hash), "utf8")) as Opinions;
  } catch {
    return {};
  }
}

export function remember(hash: string, opinions: Opinions): void {
  writeFileSync(join(folder, hash), JSON.stringify(opinions));
}

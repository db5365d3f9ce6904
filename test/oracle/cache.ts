import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ToolFacts } from "./tool-facts.ts";

/** Results by tool name; null if the tool had none. */
export type FactsByTool = Record<string, ToolFacts | null>;

/** Increased when the parsing of a tool's output changes. */
const edition = 4;
const folder = join(tmpdir(), `media-preflight-oracle-${edition}`);
mkdirSync(folder, { recursive: true });

/** SHA-256 of a file, in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Earlier results for these bytes. */
export function load(hash: string): FactsByTool {
  try {
    return JSON.parse(readFileSync(join(folder, hash), "utf8")) as FactsByTool;
  } catch {
    return {};
  }
}

export function store(hash: string, factsByTool: FactsByTool): void {
  writeFileSync(join(folder, hash), JSON.stringify(factsByTool));
}

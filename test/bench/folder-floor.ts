/*
 * The lower bound for a folder, in a separate process: node test/bench/folder-floor.ts FOLDER
 * It walks the folder and reads from each file the bytes that a check reads; stdin lists these by fixture.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Range, readOnly } from "./read-only.ts";

const known: Record<string, Range[]> = JSON.parse(readFileSync(0, "utf8"));
const folder = process.argv[2] ?? ".";
let sum = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const ranges = known[entry.name.slice(entry.name.indexOf("-") + 1)];
  if (!ranges) throw new Error(`${entry.name} is no copy of a known fixture`);
  sum += readOnly(join(entry.parentPath, entry.name), ranges);
}
console.log(sum);

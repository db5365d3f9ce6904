import { fromPath } from "../../src/bytes/path.node.ts";
import { preflight } from "../../src/index.ts";
import type { Range } from "./read-only.ts";

/** The reads of a check of one file, in order. */
export async function rangesOf(path: string): Promise<Range[]> {
  const ranges: Range[] = [];
  const source = fromPath(path);
  const read = (offset: number, length: number) => {
    ranges.push([offset, Math.min(length, (source.size ?? 0) - offset)]);
    return source.read(offset, length);
  };
  await preflight({ ...source, read }, { crossCheck: "never" });
  return ranges;
}

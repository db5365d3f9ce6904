import { availableParallelism } from "node:os";
import { limit } from "../../../async/limit.ts";
import { thumbnailOf } from "../../../preflight/thumbnail.node.ts";
import { type FileResult, isUnchecked } from "../../../report/formatters/formatter.ts";
import type { Thumbnail } from "../../../report/formatters/thumbnail.ts";
import type { Input } from "../../files/inputs.ts";

/** Thumbnails of a run, within a budget of time and bytes. */
export interface Thumbnails {
  /** Null for anything but a local file, where nothing installed decodes it, and beyond the budget. */
  of(input: Input, result: FileResult): Promise<Thumbnail | null>;
  /** Files that have no thumbnail because the budget was used up. */
  readonly leftOut: number;
}

/** Milliseconds that one file may take, and all files together. */
const fileDeadline = 20_000;
const runDeadline = 10 * 60_000;
/** Bytes of all thumbnails together, and how many may be large: 1,000 files stay under 5 MB as base64. */
const largeBytes = 6_000;
const smallBytes = 1_900;
const maxLarge = 180;
const totalBytes = 6 * 2 ** 20;

export function thumbnails(signal: AbortSignal): Thumbnails {
  const limited = limit(Math.min(4, availableParallelism()));
  const started = performance.now();
  let made = 0;
  let bytes = 0;
  let leftOut = 0;
  return {
    get leftOut() {
      return leftOut;
    },
    async of(input, result) {
      if (input.kind !== "path" || isUnchecked(result)) return null;
      return await limited(async () => {
        const left = runDeadline - (performance.now() - started);
        if (left <= 0 || bytes >= totalBytes) {
          leftOut++;
          return null;
        }
        const maxBytes = made < maxLarge ? largeBytes : smallBytes;
        const deadline = Math.min(fileDeadline, left);
        const thumbnail = await thumbnailOf(input.path, result.facts, { signal, deadline, maxBytes });
        if (thumbnail) {
          made++;
          bytes += thumbnail.bytes.byteLength;
        }
        return thumbnail;
      });
    },
  };
}

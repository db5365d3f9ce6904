import type { Format } from "../facts/formats.ts";
import type { RunOptions, Written } from "./engine.ts";
import type { Job } from "./job.ts";
import type { MediaDetails } from "./media-details.ts";

/** What was written, and the bytes. */
export interface WrittenBlob extends Written {
  output: Blob;
}

/**
 * An engine in a page: bytes in, bytes out. Everything it throws is a MediaPreflightError: `engine-failed`,
 * `no-engine`, `unreadable`, `aborted`.
 */
export interface BlobEngine {
  /** Every track of the input. */
  probe(input: Blob, format: Format): Promise<MediaDetails>;
  run(job: Job, input: Blob, options?: RunOptions): Promise<WrittenBlob>;
}

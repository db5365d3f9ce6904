import type { WrittenBlob } from "../../engines/blob-engine.ts";
import type { Job } from "../../engines/job.ts";
import type { MediaDetails } from "../../engines/media-details.ts";
import type { ErrorCode } from "../../errors.ts";
import type { Format, Kind } from "../../facts/formats.ts";
import type { EmbeddedData } from "../metadata/embedded-data.ts";

/* Messages between a page and the Worker that converts media for it. One request at a time. */

/** To the worker. */
export type FixRequest =
  | { op: "kinds" }
  | { op: "open"; blob: Blob; format: Format; kind: Kind }
  | { op: "probe"; blob: Blob; format: Format }
  | { op: "run"; blob: Blob; job: Job; embedded: EmbeddedData };

/** What each request is answered with. */
export interface FixAnswers {
  /** What this Worker converts. */
  kinds: readonly Kind[];
  open: { details: MediaDetails; embedded: EmbeddedData; hevc: boolean };
  probe: MediaDetails;
  /** `keepsLabel`: a label that the media is made by AI is in the copy, or there was none. */
  run: WrittenBlob & { keepsLabel: boolean };
}

/** From the worker. */
export type FixMessage =
  | { op: "ready" }
  | { op: "progress"; done: number }
  | { op: "done"; answer: FixAnswers[FixRequest["op"]] }
  | { op: "failed"; code: ErrorCode; message: string; hint: string | null; retryable: boolean };

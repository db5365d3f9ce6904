import type { Format } from "../facts/formats.ts";
import type { Job } from "./job.ts";
import type { MediaDetails } from "./media-details.ts";
import type { ThumbnailFormat, ThumbnailJob } from "./thumbnail.ts";

export interface RunOptions {
  signal?: AbortSignal | null | undefined;
  /** Share of the work that is done, 0 – 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** Milliseconds after which the run is stopped. */
  deadline?: number | undefined;
}

export interface DecodeOptions extends RunOptions {
  /** An APNG: all of its pictures are decoded, not the first one only. */
  animated?: boolean | undefined;
}

/** What an engine can do on this machine. */
export interface Capabilities {
  /** Name and version, as recorded in a ledger: "ffmpeg 5.1.9". */
  version: string;
  encoders: ReadonlySet<string>;
  /** HDR and wide gamut can be converted to BT.709. */
  toneMapping: boolean;
}

/** What was written. */
export interface Written {
  /** The format that was chosen among those of the job. */
  format: string;
  /** The quality chosen, images only. */
  quality: number | null;
}

/** Damage that decoding found. */
export interface DecodeError {
  /** Seconds into the media, or null if the decoder does not say. */
  at: number | null;
  message: string;
  /** The first row of a still, or frame of an animation, that does not decode, counted from 1; null: not known. */
  place?: { unit: "row" | "frame"; n: number; of: number } | null | undefined;
}

/**
 * Decodes and encodes; makes no decisions. `Place` is where bytes are: a path on Node.js, a Blob in a page.
 * Everything it throws is a MediaPreflightError: `engine-failed`, `timeout`, `aborted`.
 */
export interface Engine<Place> {
  name: string;
  capabilities(): Promise<Capabilities>;
  /** Whether it reads this format; it may still not know a codec inside. */
  reads(format: Format, kind: Job["kind"]): boolean;
  /** Every track of the input. */
  probe(input: Place, format: Format, options?: RunOptions): Promise<MediaDetails>;
  run(job: Job, input: Place, output: Place, options?: RunOptions): Promise<Written>;
  /** Decodes everything; the first error, or nothing. */
  decode(input: Place, format: Format, options?: DecodeOptions): Promise<DecodeError[]>;
  /** Writes a small picture of the input, without metadata, in a format of the engine's choice. */
  thumbnail(job: ThumbnailJob, input: Place, output: Place, options?: RunOptions): Promise<ThumbnailFormat>;
}

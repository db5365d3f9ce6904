import { stat } from "node:fs/promises";
import { MediaPreflightError } from "../errors.ts";
import type { Written } from "./engine.ts";
import type { ImageEncoding } from "./job.ts";

/**
 * Writes a picture by each encoding in turn until one is small enough.
 * @throws MediaPreflightError `engine-failed`, retryable, if none is, and what `write` throws
 */
export async function firstThatFits(
  encodings: readonly ImageEncoding[],
  maxBytes: number,
  output: string,
  write: (encoding: ImageEncoding) => Promise<void>,
): Promise<Written> {
  for (const encoding of encodings) {
    await write(encoding);
    if ((await stat(output)).size <= maxBytes) return { format: encoding.format, quality: encoding.quality };
  }
  throw new MediaPreflightError("engine-failed", `no encoding stays within ${maxBytes} bytes`, {
    retryable: true,
  });
}

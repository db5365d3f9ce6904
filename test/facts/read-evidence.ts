import type { ByteSource } from "../../src/bytes/source.ts";
import type { Evidence } from "../../src/facts/evidence.ts";
import { type ReadOptions, readWith } from "../../src/facts/read.ts";
import { readersAtHand } from "../../src/facts/readers-at-hand.ts";

/** As readWith, with every reader at hand. */
export const readEvidence = (source: ByteSource, options?: ReadOptions): Promise<Evidence> =>
  readWith(readersAtHand, source, options);

import type { ByteSource } from "../bytes/source.ts";
import type { Evidence } from "./evidence.ts";
import { type ReadOptions, readWith } from "./read.ts";
import { readersAtHand } from "./readers-at-hand.ts";

/** As readWith, with every reader at hand. */
export const readEvidence = (source: ByteSource, options?: ReadOptions): Promise<Evidence> =>
  readWith(readersAtHand, source, options);

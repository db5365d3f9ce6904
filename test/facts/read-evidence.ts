import type { ByteSource } from "../../src/bytes/source.ts";
import { bundledParsers } from "../../src/facts/bundled-parsers.ts";
import type { Evidence } from "../../src/facts/evidence.ts";
import { type ReadOptions, readWith } from "../../src/facts/read.ts";

/** As readWith, with every reader at hand. */
export const readEvidence = (source: ByteSource, options?: ReadOptions): Promise<Evidence> =>
  readWith(bundledParsers, source, options);

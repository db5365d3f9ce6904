import { type CrossCheckPolicy, needsCrossCheck } from "../../facts/cross-check/policy.ts";
import type { Evidence } from "../../facts/evidence.ts";
import { readWith } from "../../facts/read.ts";
import type { Finding } from "../../report/report.ts";
import type { OpenOptions, Platform } from "../preflight.ts";

/** What was read from one input. */
export interface ReadInput {
  /** Null if a URL returned no bytes; `urlFindings` then state why. */
  evidence: Evidence | null;
  /** The name whose extension is checked. */
  name: string | null;
  /** The input's name in the report. */
  file: string | null;
  urlFindings: Finding[];
}

/** Opens an input, reads its facts, cross-checks and decodes it if the options say so, and closes it. */
export async function readInput<Input>(
  platform: Platform<Input>,
  input: Input,
  options: OpenOptions,
): Promise<ReadInput> {
  const opened = await platform.open(input, options);
  const { source, shown, findings } =
    "findings" in opened ? opened : { source: opened, shown: null, findings: [] };
  const given = options.name !== undefined;
  const name = given ? (options.name ?? null) : (source?.name ?? null);
  const file = given ? name : (shown ?? name);
  if (!source) return { evidence: null, name, file, urlFindings: findings };
  try {
    const evidence = await readWith(platform.parsers, source, options);
    const crossCheck: CrossCheckPolicy = options.crossCheck ?? "auto";
    if (needsCrossCheck(evidence, crossCheck))
      await platform.crossCheck(options.crossCheckOptions)(source, evidence, {
        crossCheck,
        signal: options.signal,
      });
    if (options.decode) await platform.decode(source, evidence, options);
    return { evidence, name, file, urlFindings: findings };
  } finally {
    await source.close?.();
  }
}

import { MediaPreflightError } from "../errors.ts";
import { preflight } from "../index.ts";
import type { NodeInput } from "../pipeline/open.node.ts";
import type { PreflightOptions } from "../pipeline/preflight.ts";
import type { Outcome } from "../report/formatters/formatter.ts";
import type { FoundConfig } from "./config/find.ts";
import type { Policy } from "./config/policy.ts";
import type { Parsed } from "./flags.ts";
import type { Input } from "./inputs.ts";
import { judgingOptions } from "./judging.ts";

export interface CheckContext {
  args: Parsed;
  policy: Policy;
  found: FoundConfig;
  signal: AbortSignal;
}

/** One input's report; what could not be checked is an outcome too. Null: the configuration leaves it alone. */
export async function checkOne(input: Input, context: CheckContext): Promise<Outcome | null> {
  const { args, policy, found, signal } = context;
  try {
    if (input.kind === "error") throw input.error;
    const local = input.kind === "path" || input.kind === "source" || input.kind === "absent";
    const treatment = local ? policy.treatmentOf(input.shown) : { ...found.config };
    if (treatment === null) return null;
    const options: PreflightOptions = {
      ...judgingOptions(args, treatment, found),
      name: input.kind === "bytes" || input.kind === "url" ? undefined : input.shown,
      signal,
    };
    const report =
      input.kind === "absent"
        ? await (await import("./absent.ts")).absentReport(input, options)
        : await preflight(opened(input), options);
    if (input.kind === "bytes") report.file = input.shown;
    if (local) policy.accept(report, input.shown);
    return report;
  } catch (error) {
    // Without a table or a configuration no file can be checked: say it once, not for each.
    if (!(error instanceof MediaPreflightError) || error.code === "bad-table" || error.code === "bad-config")
      throw error;
    const { code, message, hint } = error;
    return { schemaVersion: 1, file: input.shown, verdict: null, error: { code, message, hint } };
  }
}

function opened(input: Exclude<Input, { kind: "error" | "absent" }>): NodeInput {
  if (input.kind === "bytes") return input.bytes;
  if (input.kind === "source") return input.open();
  return input.kind === "url" ? new URL(input.url) : input.path;
}

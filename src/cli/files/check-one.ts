import { MediaPreflightError } from "../../errors.ts";
import { nodePreflight } from "../../preflight/preflight.node.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { FileResult } from "../../report/formatters/formatter.ts";
import type { Report } from "../../report/report.ts";
import type { Parsed } from "../args/parse.ts";
import type { LocatedConfig } from "../config/find-config.ts";
import type { Policy } from "../config/policy.ts";
import { preflightOptionsFor } from "../config/preflight-options.ts";
import { pointerCap } from "../git/pointer.ts";
import { type Input, toPreflightInput } from "./inputs.ts";

export interface CheckContext {
  args: Parsed;
  policy: Policy;
  located: LocatedConfig;
  signal: AbortSignal;
  /** Prints a line on stderr. */
  printNote(file: string, what: string): void;
}

/** One input's report, or why it could not be checked. Null if the configuration ignores it. */
export async function checkOne(input: Input, context: CheckContext): Promise<FileResult | null> {
  const { args, policy, located, signal } = context;
  try {
    if (input.kind === "error") throw input.error;
    const local = input.kind === "path" || input.kind === "source" || input.kind === "missing-object";
    const filePolicy = local ? policy.forPath(input.displayName) : policy.general;
    if (filePolicy === null) {
      if (args.switches.has("verbose")) context.printNote(input.displayName, `ignored by ${located.from}`);
      return null;
    }
    const options: PreflightOptions = {
      ...preflightOptionsFor(args, filePolicy, located),
      name: input.kind === "bytes" || input.kind === "url" ? undefined : input.displayName,
      signal,
    };
    if (input.kind === "url")
      options.allowPrivate ??= (await import("../config/local-service.ts")).allowedByLocalService(
        process.env,
      );
    const report = await reportOn(input, options);
    if (input.kind === "bytes" || input.kind === "url") report.file = input.displayName;
    if (local)
      for (const { rule, until, reason } of policy.accept(report, input.displayName))
        context.printNote(input.displayName, `the acceptance of ${rule} expired on ${until} (${reason})`);
    return report;
  } catch (error) {
    // Without a rule table or a configuration no file can be checked: reported once, like an interrupt.
    if (!(error instanceof MediaPreflightError) || endsTheRun.has(error.code) || signal.aborted) throw error;
    // The result names the file already.
    const { code, summary, hint } = error;
    return {
      schemaVersion: 1,
      file: input.displayName,
      verdict: null,
      error: { code, message: summary, hint },
    };
  }
}

const endsTheRun: ReadonlySet<string> = new Set(["bad-table", "bad-config"]);

async function reportOn(input: Openable, options: PreflightOptions): Promise<Report> {
  if (input.kind === "missing-object")
    return await (await import("../git/missing-object.ts")).missingObjectReport(input, options);
  const report = await nodePreflight.preflight(toPreflightInput(input), options);
  // Small enough to be a Git LFS pointer. No pointer passes, so few files are opened twice.
  const small = (report.facts.bytes ?? pointerCap) < pointerCap;
  if (input.kind !== "path" || report.verdict === "pass" || !small) return report;
  const behind = await objectOf(input, options);
  if (behind.kind === "missing-object") return await reportOn(behind, options);
  return behind === input ? report : await nodePreflight.preflight(toPreflightInput(behind), options);
}

type Openable = Exclude<Input, { kind: "error" }>;

/** A Git LFS pointer in the work tree is checked by the object behind it. */
async function objectOf(input: Openable & { kind: "path" }, { signal }: PreflightOptions): Promise<Openable> {
  const { lfsObjectAt } = await import("../git/lfs.ts");
  const pointed = await lfsObjectAt(input.path, signal ?? undefined);
  if (pointed === null) return input;
  const { pointer, object } = pointed;
  if (object !== null) return { ...input, path: object };
  return { kind: "missing-object", displayName: input.displayName, size: pointer.size };
}

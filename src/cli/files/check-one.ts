import { MediaPreflightError } from "../../errors.ts";
import { onNode } from "../../preflight/preflight.node.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { FileResult } from "../../report/formatters/formatter.ts";
import type { Report } from "../../report/report.ts";
import type { Parsed } from "../args/parse.ts";
import type { FoundConfig } from "../config/find.ts";
import type { Policy } from "../config/policy.ts";
import { judgingOptions } from "../config/preflight-options.ts";
import { pointerCap } from "../git/pointer.ts";
import { type Input, opened } from "./inputs.ts";

export interface CheckContext {
  args: Parsed;
  policy: Policy;
  found: FoundConfig;
  signal: AbortSignal;
  /** Prints a line on stderr. */
  say(file: string, what: string): void;
}

/** One input's report, or why it could not be checked. Null if the configuration ignores it. */
export async function checkOne(input: Input, context: CheckContext): Promise<FileResult | null> {
  const { args, policy, found, signal } = context;
  try {
    if (input.kind === "error") throw input.error;
    const local = input.kind === "path" || input.kind === "source" || input.kind === "absent";
    const filePolicy = local ? policy.policyFor(input.shown) : policy.general;
    if (filePolicy === null) {
      if (args.switches.has("verbose")) context.say(input.shown, `ignored by ${found.from}`);
      return null;
    }
    const options: PreflightOptions = {
      ...judgingOptions(args, filePolicy, found),
      name: input.kind === "bytes" || input.kind === "url" ? undefined : input.shown,
      signal,
    };
    if (input.kind === "url")
      options.allowPrivate ??= (await import("../config/local-service.ts")).allowedByLocalService(
        process.env,
      );
    const report = await reportOn(input, options);
    if (input.kind === "bytes" || input.kind === "url") report.file = input.shown;
    if (local)
      for (const { rule, until, reason } of policy.accept(report, input.shown))
        context.say(input.shown, `the acceptance of ${rule} expired on ${until} (${reason})`);
    return report;
  } catch (error) {
    // Without a rule table or a configuration no file can be checked: reported once, like an interrupt.
    if (!(error instanceof MediaPreflightError) || forAll.has(error.code) || signal.aborted) throw error;
    // The result names the file already.
    const { code, summary, hint } = error;
    return { schemaVersion: 1, file: input.shown, verdict: null, error: { code, message: summary, hint } };
  }
}

const forAll: ReadonlySet<string> = new Set(["bad-table", "bad-config"]);

async function reportOn(input: Openable, options: PreflightOptions): Promise<Report> {
  if (input.kind === "absent")
    return await (await import("../git/missing-object.ts")).absentReport(input, options);
  const report = await onNode.preflight(opened(input), options);
  // Small enough to be a Git LFS pointer. No pointer passes, so few files are opened twice.
  const small = (report.facts.bytes ?? pointerCap) < pointerCap;
  if (input.kind !== "path" || report.verdict === "pass" || !small) return report;
  const behind = await objectOf(input, options);
  if (behind.kind === "absent") return await reportOn(behind, options);
  return behind === input ? report : await onNode.preflight(opened(behind), options);
}

type Openable = Exclude<Input, { kind: "error" }>;

/** A Git LFS pointer in the work tree is checked by the object behind it. */
async function objectOf(input: Openable & { kind: "path" }, { signal }: PreflightOptions): Promise<Openable> {
  const { behindPointer } = await import("../git/lfs.ts");
  const found = await behindPointer(input.path, signal ?? undefined);
  if (found === null) return input;
  const { pointer, object } = found;
  if (object !== null) return { ...input, path: object };
  return { kind: "absent", shown: input.shown, size: pointer.size };
}

import type { PushOptions } from "../../../push/options.ts";
import { byteRate } from "../../args/byte-rate.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import type { InputArguments } from "../../files/inputs.ts";

/** The options that flags of push alone set. @throws MediaPreflightError `usage` */
export function pushOptions(
  args: Parsed,
): Pick<
  PushOptions,
  | "account"
  | "again"
  | "deadline"
  | "dryRun"
  | "limitRate"
  | "maxErrors"
  | "maxRegistrationsPerMinute"
  | "uploads"
  | "wait"
> {
  const { values, switches, lists } = args;
  const seconds = wholeNumber(values.deadline, "deadline", { min: 1, max: 86_400, default: 300 }, "push");
  const maxErrors = wholeNumber(values["max-errors"], "max-errors", { min: 1, max: 1e9, default: 0 }, "push");
  const perMinute = wholeNumber(
    values["max-registrations-per-minute"],
    "max-registrations-per-minute",
    { min: 1, max: 1e6, default: 0 },
    "push",
  );
  return {
    account: values.account,
    again: lists.again as PushOptions["again"],
    wait: !switches.has("no-wait"),
    deadline: seconds * 1000,
    dryRun: switches.has("dry-run"),
    uploads: wholeNumber(values.jobs, "jobs", { min: 1, max: 64, default: 4 }, "push"),
    maxErrors: maxErrors || undefined,
    maxRegistrationsPerMinute: perMinute || undefined,
    limitRate: byteRate(values["limit-rate"], "limit-rate", "push"),
  };
}

/** @throws MediaPreflightError `usage` */
export function validateArgs(args: Parsed, { positionals, filesFrom }: InputArguments): void {
  const named = positionals.length + filesFrom.length;
  if (args.values.watch !== undefined) {
    validateWatch(args, named);
    return;
  }
  for (const flag of ["done-dir", "failed-dir"])
    if (args.values[flag] !== undefined) throw usage(`--${flag} needs --watch`, "push");
  if (named === 0) throw usage("nothing to push: name a file, a folder, a glob or a URL", "push");
  if (positionals.includes("-"))
    throw usage("push does not take a file from stdin: save it to a file", "push");
  if (args.values.name !== undefined && named > 1) throw usage("--name is for a single file", "push");
}

function validateWatch({ values, switches }: Parsed, named: number): void {
  if (named > 0) throw usage("--watch takes no further files: it pushes what comes into its folder", "push");
  if (values.name !== undefined) throw usage("--name is for a single file", "push");
  if (switches.has("dry-run")) throw usage("--dry-run cannot be combined with --watch", "push");
  if (values["max-errors"] !== undefined) throw usage("--max-errors cannot be combined with --watch", "push");
  if (!["text", "ndjson"].includes(values.format ?? "text"))
    throw usage("--watch prints text or ndjson: other formats need an end", "push");
}

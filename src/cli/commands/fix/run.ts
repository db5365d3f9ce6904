import { mapInOrder } from "../../../async/map-in-order.ts";
import { isMediaPreflightError, MediaPreflightError } from "../../../errors.ts";
import { fix } from "../../../fix/fix.node.ts";
import { journal } from "../../../fix/journal.node.ts";
import { loadFixMessages } from "../../../fix/messages.ts";
import type { FixOptions, FixResult } from "../../../fix/options.ts";
import { loadTableFromNode } from "../../../rules/load.node.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import { createPolicy, type FilePolicy } from "../../config/policy.ts";
import {
  preflightOptionsFor,
  resolveConfiguration,
  validateAcceptUnsure,
} from "../../config/preflight-options.ts";
import { type Input, inputArgumentsOf, inputs } from "../../files/inputs.ts";
import type { Terminal } from "../../io/terminal.ts";
import { choicesOf } from "./choices.ts";
import { FixOutput } from "./output.ts";
import { fixPrinter } from "./printer.ts";

export const run: Run = async (args, terminal) => {
  const listing = inputArgumentsOf(args);
  if (listing.positionals.length + listing.filesFrom.length === 0)
    throw usage("nothing to fix: name a file, a folder or a glob", "fix");
  const jobs = wholeNumber(args.values.jobs, "jobs", { min: 1, max: 64, default: 2 }, "fix");
  const choices = fixOptionsOf(args);
  await validateAcceptUnsure(args);
  const found = await resolveConfiguration(args);
  const policy = await createPolicy(found, null, process.cwd(), new Date().toISOString().slice(0, 10));
  await loadTableFromNode(args.values.rules ?? policy.general.rules);
  const output = new FixOutput(terminal, await printerOf(args, terminal));
  const optionsFor = (filePolicy: FilePolicy): FixOptions => {
    const { findings: _, ...checkOptions } = preflightOptionsFor(args, filePolicy, found);
    return { ...checkOptions, ...choices, signal: terminal.signal };
  };

  /** Null: the file is ignored, or its error has been reported. */
  async function fixOne(input: Input): Promise<FixResult | null> {
    try {
      const path = localPath(input);
      const filePolicy = policy.forPath(input.displayName);
      if (filePolicy === null) return null;
      const result = await (choices.dryRun ? fix : journal(fix))(path, {
        ...optionsFor(filePolicy),
        onProgress: (share) => output.progress(input.displayName, share),
      });
      return { ...result, file: input.displayName };
    } catch (error) {
      if (!isMediaPreflightError(error) || terminal.signal.aborted || error.code === "bad-table") throw error;
      output.error(error, input.displayName);
      return null;
    } finally {
      output.ended(input.displayName);
    }
  }

  output.begin();
  try {
    for await (const result of mapInOrder(inputs(listing, terminal), jobs, fixOne))
      if (result) output.result(result);
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
  }
  return output.end();
};

function fixOptionsOf(args: Parsed): FixOptions {
  const seconds = { min: 1, max: 86_400, default: 1800 };
  return {
    ...choicesOf(args),
    out: args.values.out,
    dryRun: args.switches.has("dry-run"),
    deadline: 1000 * wholeNumber(args.values.deadline, "deadline", seconds, "fix"),
  };
}

async function printerOf(args: Parsed, terminal: Terminal): Promise<ReturnType<typeof fixPrinter>> {
  const messages = await loadFixMessages(args.values.locale);
  const format = (args.values.format ?? "text") as "text" | "json" | "ndjson";
  const [quiet, verbose] = [args.switches.has("quiet"), args.switches.has("verbose")];
  return fixPrinter({ format, terminal, messages, quiet, verbose });
}

/** @throws MediaPreflightError `usage` for anything but a local file, and the error of an input that is one */
function localPath(input: Input): string {
  if (input.kind === "error") throw input.error;
  if (input.kind !== "path")
    throw new MediaPreflightError("usage", "only local files can be fixed", { hint: "download it first" });
  return input.path;
}

import { isMediaPreflightError, MediaPreflightError } from "../../../errors.ts";
import { fix } from "../../../fix/fix.node.ts";
import { journal } from "../../../fix/journal.node.ts";
import { loadFixMessages } from "../../../fix/messages.ts";
import type { FixOptions, FixResult } from "../../../fix/options.ts";
import { loadTableFromNode } from "../../../rules/load.node.ts";
import type { Run } from "../../args/command.ts";
import { usage, wholeNumber } from "../../args/parse.ts";
import { policyOf } from "../../config/policy.ts";
import { configured, judgingOptions, knownRules } from "../../config/preflight-options.ts";
import { mapInOrder } from "../../files/check-in-order.ts";
import { type Input, inputs, listingOf } from "../../files/inputs.ts";
import { progressLine } from "../../io/progress-line.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { ExitCode } from "../../io/terminal.ts";
import { choicesOf } from "./choices.ts";
import { fixPrinter } from "./printer.ts";

export const run: Run = async (args, terminal) => {
  const listing = listingOf(args);
  if (listing.positionals.length + listing.filesFrom.length === 0)
    throw usage("nothing to fix: name a file, a folder or a glob", "fix");
  const jobs = wholeNumber(args.values.jobs, "jobs", { min: 1, max: 64, default: 2 }, "fix");
  const seconds = { min: 1, max: 86_400, default: 1800 };
  const choices: FixOptions = {
    ...choicesOf(args),
    out: args.values.out,
    dryRun: args.switches.has("dry-run"),
    deadline: 1000 * wholeNumber(args.values.deadline, "deadline", seconds, "fix"),
  };
  await knownRules(args);
  const found = await configured(args);
  const policy = await policyOf(found, null, process.cwd(), new Date().toISOString().slice(0, 10));
  await loadTableFromNode(args.values.rules ?? policy.general.rules);
  const messages = await loadFixMessages(args.values.locale);
  const format = (args.values.format ?? "text") as "text" | "json" | "ndjson";
  const [quiet, verbose] = [args.switches.has("quiet"), args.switches.has("verbose")];
  const printer = fixPrinter({ format, terminal, messages, quiet, verbose });
  const line = progressLine(terminal);
  const shares = new Map<string, number>();
  let done = 0;
  let code: ExitCode = 0;
  let engineMissing = false;

  const progress = (): string => {
    const parts = [...shares].map(([file, share]) => `${file} ${Math.round(share * 100)} %`);
    return `${done} done${parts.length ? `; ${parts.join(", ")}` : "…"}`;
  };
  const show = (text: string): void => {
    if (text === "") return;
    line.clear();
    terminal.out(text);
  };
  const complain = (error: MediaPreflightError, file: string): void => {
    code = 2;
    // Said once: it is the same for every file.
    if (error.code === "no-engine" && engineMissing) return;
    engineMissing ||= error.code === "no-engine";
    line.clear();
    terminal.err(errorLine(error, error.code === "no-engine" ? null : file));
  };

  async function fixOne(input: Input): Promise<FixResult | null> {
    try {
      if (input.kind === "error") throw input.error;
      if (input.kind !== "path")
        throw new MediaPreflightError("usage", "only local files can be fixed", {
          hint: "download it first",
        });
      const filePolicy = policy.policyFor(input.shown);
      if (filePolicy === null) return null;
      const { findings: _, ...judged } = judgingOptions(args, filePolicy, found);
      const options: FixOptions = { ...judged, ...choices, signal: terminal.signal };
      const result = await (choices.dryRun ? fix : journal(fix))(input.path, {
        ...options,
        onProgress: (share) => {
          shares.set(input.shown, share);
          line.show(progress);
        },
      });
      return { ...result, file: input.shown };
    } catch (error) {
      if (!isMediaPreflightError(error) || terminal.signal.aborted || error.code === "bad-table") throw error;
      complain(error, input.shown);
      return null;
    } finally {
      shares.delete(input.shown);
    }
  }

  show(printer.begin());
  try {
    for await (const result of mapInOrder(inputs(listing, terminal), jobs, fixOne)) {
      if (!result) continue;
      done++;
      if (code === 0 && result.outcome !== "fixed" && result.outcome !== "fits") code = 1;
      show(printer.file(result));
      line.show(progress);
    }
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
  }
  show(printer.end());
  line.clear();
  if (terminal.signal.aborted) {
    terminal.err(
      `media-preflight: stopped after ${done} ${done === 1 ? "file" : "files"}; run it again to continue\n`,
    );
    return 2;
  }
  if (done > 1) terminal.err(`${printer.summary()}\n`);
  return code;
};

import { mapInOrder, yieldRegularly } from "../../../async/map-in-order.ts";
import { unacceptedFindings } from "../../../report/blocking.ts";
import { type FileResult, type Formatter, isUnchecked } from "../../../report/formatters/formatter.ts";
import type { Thumbnail } from "../../../report/formatters/thumbnail.ts";
import { formatCount } from "../../../report/units.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, wholeNumber } from "../../args/parse.ts";
import { writeBaseline } from "../../config/baseline.ts";
import { type CheckContext, checkOne } from "../../files/check-one.ts";
import { type Input, inputArgumentsOf, inputs } from "../../files/inputs.ts";
import type { GitIndex } from "../../git/git-index.ts";
import { type ProgressLine, progressLine } from "../../io/progress-line.ts";
import { errorLine, statusLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { verboseLines, withSuggestion } from "./fix-suggestions.ts";
import { type SetCheck, setCheck, withoutPassed } from "./set.ts";
import { configurationOf, formatterFor, loadPolicy, validateArgs } from "./set-up.ts";
import type { Thumbnails } from "./thumbnails.ts";

export const run: Run = async (args, terminal) => {
  const listing = inputArgumentsOf(args);
  const jobs = wholeNumber(args.values.jobs, "jobs", { min: 1, max: 256, default: 8 }, "check");
  await validateArgs(args, listing);
  const index = args.switches.has("staged")
    ? await (await import("../../git/git-index.ts")).openGitIndex(process.cwd(), terminal.signal)
    : null;
  const formatter = await formatterFor(args, terminal);
  const { located, printed } = await configurationOf(args, index);
  if (args.switches.has("print-config")) {
    terminal.out(`${JSON.stringify(printed, null, 2)}\n`);
    return 0;
  }
  const policy = await loadPolicy(args, located, index);
  const line = progressLine(terminal);
  const output: Output = {
    args,
    terminal,
    formatter,
    line,
    set: await setCheck(args, policy, located),
    thumbnails: args.values.format === "html" ? await thumbnailsOf(terminal.signal) : null,
  };
  const printNote = (file: string, text: string): void => printError(output, statusLine(text, file));
  const context = { args, policy, located, signal: terminal.signal, printNote };
  const items = index ? index.inputs((path) => policy.forPath(path) !== null) : inputs(listing, terminal);
  const { results, count, code } = await checkAll(items, jobs, context, output);
  if (terminal.signal.aborted) {
    terminal.err(statusLine(`stopped after ${formatCount(count, "file")}`));
    return 2;
  }
  if (index && count === 0) terminal.err(statusLine(nothingChecked(index)));
  if (index && code === 1 && (args.values.format ?? "text") === "text")
    terminal.err(statusLine(blockedCommit));
  if (!args.switches.has("write-baseline")) return code;
  terminal.err(await writeBaseline(args.values.baseline, located, results, index?.root ?? process.cwd()));
  return code === 2 ? 2 : 0;
};

interface Output {
  args: Parsed;
  terminal: Terminal;
  formatter: Formatter;
  line: ProgressLine;
  set: SetCheck | null;
  /** Pictures of the files, where the format shows them. */
  thumbnails: Thumbnails | null;
}

async function thumbnailsOf(signal: AbortSignal): Promise<Thumbnails> {
  return (await import("./thumbnails.ts")).thumbnails(signal);
}

/** A result and its thumbnail. */
interface Shown {
  result: FileResult;
  thumbnail: Thumbnail | null;
}

interface Checked {
  /** Collected only for a baseline. */
  results: FileResult[];
  count: number;
  code: ExitCode;
}

async function checkAll(
  items: AsyncIterable<Input>,
  jobs: number,
  context: CheckContext,
  output: Output,
): Promise<Checked> {
  const { args, terminal, formatter, line, set, thumbnails } = output;
  const checked: Checked = { results: [], count: 0, code: 0 };
  const pause = yieldRegularly();
  print(output, formatter.begin());
  try {
    const check = async (input: Input): Promise<Shown | null> => {
      const result = await checkOne(input, context);
      return result && { result, thumbnail: (await thumbnails?.of(input, result)) ?? null };
    };
    for await (const one of mapInOrder(items, jobs, check)) {
      if (one === null) continue;
      const { result, thumbnail } = one;
      checked.count++;
      if (args.switches.has("write-baseline")) checked.results.push(result);
      set?.add(result);
      checked.code = worse(checked.code, codeOf(result));
      const shown = await withSuggestion(result, args);
      printResult(output, set ? withoutPassed(shown, args) : shown, thumbnail);
      print(output, await verboseLines(result, args));
      line.show(() => `${checked.count} checked…`);
      await pause.now();
    }
    if (set) checked.code = worse(checked.code, await printSet(output, set));
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
  }
  print(output, formatter.end());
  line.clear();
  if (thumbnails?.leftOut)
    printError(output, statusLine(`no time or space was left for ${thumbnails.leftOut} thumbnails`));
  return checked;
}

function codeOf(result: FileResult): ExitCode {
  if (isUnchecked(result)) return 2;
  return unacceptedFindings(result).length > 0 ? 1 : 0;
}

function worse(a: ExitCode, b: ExitCode): ExitCode {
  return a > b ? a : b;
}

function printResult(output: Output, result: FileResult, thumbnail: Thumbnail | null): void {
  const text = output.formatter.outcome(result, thumbnail);
  if (!isUnchecked(result)) {
    print(output, text);
    return;
  }
  printError(output, errorLine(result.error, result.file));
  // Formats that have a form for what could not be checked have it among the data too.
  if (!["text", "json", "ndjson"].includes(output.args.values.format ?? "text")) print(output, text);
}

async function printSet(output: Output, set: SetCheck): Promise<ExitCode> {
  const report = await set.report();
  print(output, output.formatter.set(report));
  return unacceptedFindings(report).length > 0 ? 1 : 0;
}

function print({ line, terminal }: Output, text: string): void {
  if (text === "") return;
  line.clear();
  terminal.out(text);
}

function printError({ line, terminal }: Output, text: string): void {
  line.clear();
  terminal.err(text);
}

const blockedCommit =
  "not to be committed: correct these files (media-preflight fix) and git add them, then commit again; " +
  "git commit --no-verify skips this check once";

function nothingChecked({ staged }: GitIndex): string {
  return staged === 0 ? "nothing staged" : `nothing to check among ${formatCount(staged, "staged file")}`;
}

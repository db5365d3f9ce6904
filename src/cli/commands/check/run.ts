import { unacceptedFindings } from "../../../report/blocking.ts";
import { createFormatter, type FormatName } from "../../../report/formatters/formats.ts";
import { type FileResult, isUnchecked } from "../../../report/formatters/formatter.ts";
import { loadTableFromNode } from "../../../rules/load.node.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import { baselinePath, loadBaseline, writeBaseline } from "../../config/baseline.ts";
import type { FoundConfig } from "../../config/find.ts";
import { type Policy, policyOf, tablePath } from "../../config/policy.ts";
import { configured, knownRules, messagesOf } from "../../config/preflight-options.ts";
import { mapInOrder, yieldRegularly } from "../../files/check-in-order.ts";
import { checkOne } from "../../files/check-one.ts";
import { inputs, listingOf } from "../../files/inputs.ts";
import { progressLine } from "../../io/progress-line.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { ExitCode } from "../../io/terminal.ts";

export const run: Run = async (args, terminal) => {
  const staged = args.switches.has("staged");
  const recording = args.switches.has("write-baseline");
  const listing = listingOf(args);
  const named = listing.positionals.length + listing.filesFrom.length;
  const jobs = wholeNumber(args.values.jobs, "jobs", { min: 1, max: 256, default: 8 }, "check");
  await validateArgs(args, named);
  const index = staged
    ? await (await import("../../git/index.ts")).openIndex(process.cwd(), terminal.signal)
    : null;
  // What is loaded here is loaded while git is at work.
  const format = (args.values.format ?? "text") as FormatName;
  const formatter = await createFormatter(format, {
    color: terminal.colour,
    width: terminal.columns ?? Number.POSITIVE_INFINITY,
    quiet: args.switches.has("quiet"),
    verbose: args.switches.has("verbose"),
    messages: await messagesOf(args),
    version:
      format === "sarif" || format === "junit" ? (await import("../../version.ts")).version : undefined,
  });
  const configuration = await configured(args, index?.readText);
  const found = index
    ? await (await import("../../config/tables.ts")).withStagedTables(configuration, index.readText)
    : configuration;
  if (args.switches.has("print-config")) {
    terminal.out(`${JSON.stringify({ from: found.from, config: configuration.config }, null, 2)}\n`);
    return 0;
  }
  const recorded = baselinePath(args.values.baseline, found);
  const baseline = recorded === null || recording ? null : await loadBaseline(recorded, index?.readText);
  const policy = await policyOf(
    found,
    baseline,
    index?.root ?? process.cwd(),
    new Date().toISOString().slice(0, 10),
  );
  await loadTables(args, policy, found);
  const items = index ? index.inputs((path) => policy.policyFor(path) !== null) : inputs(listing, terminal);
  const line = progressLine(terminal);
  const say = (file: string, what: string): void => {
    line.clear();
    terminal.err(errorLine({ message: what, hint: null }, file));
  };
  const context = { args, policy, found, signal: terminal.signal, say };
  const rest = yieldRegularly();
  const outcomes: FileResult[] = [];
  let checked = 0;
  let code: ExitCode = 0;
  const show = (text: string): void => {
    if (text === "") return;
    line.clear();
    terminal.out(text);
  };
  show(formatter.begin());
  try {
    for await (const outcome of mapInOrder(items, jobs, (input) => checkOne(input, context))) {
      if (outcome === null) continue;
      checked++;
      if (recording) outcomes.push(outcome);
      const text = formatter.outcome(outcome);
      if (isUnchecked(outcome)) {
        code = 2;
        line.clear();
        terminal.err(errorLine(outcome.error, outcome.file));
        // Where a format has a form for it, it stands among the data too.
        if (format !== "text" && format !== "json" && format !== "ndjson") show(text);
      } else {
        if (code === 0 && unacceptedFindings(outcome).length > 0) code = 1;
        show(text);
      }
      line.show(() => `${checked} checked…`);
      await rest.now();
    }
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
  }
  show(formatter.end());
  line.clear();
  if (terminal.signal.aborted) {
    terminal.err(`media-preflight: stopped after ${checked} ${checked === 1 ? "file" : "files"}\n`);
    return 2;
  }
  if (recording) {
    terminal.err(await writeBaseline(args.values.baseline, found, outcomes, index?.root ?? process.cwd()));
    return code === 2 ? 2 : 0;
  }
  return code;
};

/** A bad table is said before anything is printed. @throws MediaPreflightError `bad-table`, `not-found`, `usage` */
async function loadTables(args: Parsed, policy: Policy, found: FoundConfig): Promise<void> {
  const named = args.values.rules;
  const configuredOnes = [
    policy.general.rules,
    ...(found.config.files ?? []).map((f) => tablePath(f.rules, found.base)),
  ];
  for (const table of named === undefined ? configuredOnes : [named])
    if (table !== undefined) await loadTableFromNode(table);
}

async function validateArgs(args: Parsed, named: number): Promise<void> {
  if (args.switches.has("staged") && named > 0) {
    throw usage("--staged takes no paths: it checks what git is about to commit", "check");
  }
  if (args.switches.has("null") && !args.lists["files-from"])
    throw usage("-0 goes with --files-from", "check");
  const wholeRepository = args.switches.has("staged") || args.switches.has("print-config");
  if (named === 0 && !wholeRepository) {
    throw usage("nothing to check: name a file, a folder, a glob, a URL, or - for stdin", "check");
  }
  await knownRules(args);
}

import { createAtlasClient } from "../../../atlas/client.node.ts";
import { push } from "../../../index.ts";
import { fileLedger, ledgerFile } from "../../../ledger/file/file-ledger.node.ts";
import type { NodeInput } from "../../../preflight/open-input.node.ts";
import type { PushFile, PushOptions, PushSummary } from "../../../push/options.ts";
import { createFormatter, type FormatName } from "../../../report/formatters/formats.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import type { FoundConfig } from "../../config/find.ts";
import { type Policy, policyOf } from "../../config/policy.ts";
import { configured, judgingOptions, knownRules, messagesOf } from "../../config/preflight-options.ts";
import { type Input, inputs, type Listing, listingOf } from "../../files/inputs.ts";
import { progressLine } from "../../io/progress-line.ts";
import { pushPrinter } from "../../io/push-printer.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";

export const run: Run = async (args, terminal) => {
  const listing = listingOf(args);
  const named = listing.positionals.length + listing.filesFrom.length;
  if (named === 0) throw usage("nothing to push: name a file, a folder, a glob or a URL", "push");
  if (listing.positionals.includes("-"))
    throw usage("push takes no bytes from stdin: save them to a file", "push");
  if (args.values.name !== undefined && named > 1) throw usage("--name goes with a single file", "push");
  const jobs = wholeNumber(args.values.jobs, "jobs", { min: 1, max: 64, default: 4 }, "push");
  const deadline = wholeNumber(
    args.values.deadline,
    "deadline",
    { min: 1, max: 86_400, default: 300 },
    "push",
  );
  await knownRules(args);
  const found = await configured(args);
  // What a repository accepts for its checks opens no gate: push sends only what passes.
  const policy = await policyOf(found, null, process.cwd(), "");
  const dryRun = args.switches.has("dry-run");
  const atlas = createAtlasClient(dryRun ? { apiKey: terminal.env.ATLASCLOUD_API_KEY || "not-needed" } : {});
  const formatter = await createFormatter((args.values.format ?? "text") as FormatName, {
    color: terminal.colour,
    width: terminal.columns ?? Number.POSITIVE_INFINITY,
    verbose: args.switches.has("verbose"),
    messages: await messagesOf(args),
    summary: false,
  });
  const printer = pushPrinter({
    formatter,
    format: (args.values.format ?? "text") as FormatName,
    terminal,
    line: progressLine(terminal),
    verbose: args.switches.has("verbose"),
    quiet: args.switches.has("quiet"),
  });
  const unreadable: Input[] = [];
  const { type: _, ...shared } = judgingOptions(args, policy.general, found);
  printer.begin();
  const summary = await push(files(listing, args, policy, found, unreadable, terminal), {
    ...shared,
    crossCheckOptions: { isolation: "process" },
    atlas,
    ledger: fileLedger(args.values.ledger ?? ledgerFile),
    account: args.values.account,
    again: args.lists.again as PushOptions["again"],
    wait: !args.switches.has("no-wait"),
    deadline: deadline * 1000,
    dryRun,
    uploads: jobs,
    signal: terminal.signal,
    onEvent: printer.event,
  });
  printer.end(summary, dryRun);
  return unreadable.length > 0 ? 2 : codeOf(summary);
};

/** Everything named, each with how it is treated; what cannot even be opened is said, and the others go on. */
async function* files(
  listing: Listing,
  args: Parsed,
  policy: Policy,
  found: FoundConfig,
  unreadable: Input[],
  terminal: Terminal,
): AsyncGenerator<PushFile<NodeInput>> {
  for await (const input of inputs(listing, terminal)) {
    if (input.kind === "error") {
      unreadable.push(input);
      terminal.err(errorLine(input.error, input.shown));
    } else if (input.kind === "path") {
      const filePolicy = policy.policyFor(input.shown);
      if (filePolicy === null) continue;
      const { type, rules, limits, strict } = judgingOptions(args, filePolicy, found);
      yield { input: input.path, file: input.shown, name: args.values.name, type, rules, limits, strict };
    } else if (input.kind === "url") {
      const { type } = judgingOptions(args, policy.general, found);
      yield { input: new URL(input.url), file: input.shown, name: args.values.name, type };
    }
  }
}

function codeOf(summary: PushSummary): ExitCode {
  if (summary.errors > 0 || summary.fatal || summary.stopped) return 2;
  return summary.refused > 0 || summary.failed > 0 ? 1 : 0;
}

import { createAtlasClient } from "../../../atlas/client.node.ts";
import { push } from "../../../index.ts";
import type { PushSummary } from "../../../push/options.ts";
import { createFormatter, type FormatName } from "../../../report/formatters/formats.ts";
import type { Run } from "../../args/command.ts";
import type { Parsed } from "../../args/parse.ts";
import { policyOf } from "../../config/policy.ts";
import { configured, judgingOptions, knownRules, messagesOf } from "../../config/preflight-options.ts";
import { inputs, listingOf } from "../../files/inputs.ts";
import { progressLine } from "../../io/progress-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { choicesOf } from "../fix/choices.ts";
import { ledgerOf, requireUsable } from "./ledger.ts";
import { type PushPrinter, pushPrinter } from "./printer.ts";
import { pushFiles } from "./push-files.ts";
import { pushOptions, validateArgs } from "./push-options.ts";

export const run: Run = async (args, terminal) => {
  const listing = listingOf(args);
  validateArgs(args, listing);
  const options = pushOptions(args);
  await knownRules(args);
  const found = await configured(args);
  // Findings that a repository accepts for its checks are still not sent.
  const policy = await policyOf(found, null, process.cwd(), "");
  const ledger = ledgerOf(args, terminal.env);
  const apiKey = options.dryRun ? terminal.env.ATLASCLOUD_API_KEY || "not-needed" : undefined;
  const atlas = createAtlasClient(apiKey === undefined ? {} : { apiKey });
  await requireUsable(ledger);
  const printer = await printerFor(args, terminal);
  const { type: _, ...checking } = judgingOptions(args, policy.general, found);
  let unreadable = 0;
  const files = pushFiles(inputs(listing, terminal), {
    args,
    policy,
    found,
    onError(error, file) {
      unreadable++;
      printer.error(error, file);
    },
  });
  printer.begin();
  const summary = await push(files, {
    ...checking,
    ...options,
    fix: args.switches.has("fix") ? choicesOf(args) : undefined,
    crossCheckOptions: { isolation: "process" },
    atlas,
    ledger,
    signal: terminal.signal,
    onEvent: printer.event,
    onPause: printer.pause,
  }).finally(() => ledger.close());
  printer.end(summary);
  return unreadable > 0 ? 2 : codeOf(summary);
};

async function printerFor(args: Parsed, terminal: Terminal): Promise<PushPrinter> {
  const format = (args.values.format ?? "text") as FormatName;
  const verbose = args.switches.has("verbose");
  const formatter = await createFormatter(format, {
    color: terminal.colour,
    width: terminal.columns ?? Number.POSITIVE_INFINITY,
    verbose,
    messages: await messagesOf(args),
    summary: false,
  });
  const quiet = args.switches.has("quiet");
  return pushPrinter({ formatter, format, terminal, line: progressLine(terminal), verbose, quiet });
}

function codeOf(summary: PushSummary): ExitCode {
  if (summary.errors > 0 || summary.fatal || summary.stopped) return 2;
  return summary.refused > 0 || summary.failed > 0 ? 1 : 0;
}

import { createAtlasClient } from "../../../atlas/client.node.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { PushOptions } from "../../../push/options.ts";
import { createFormatter, type FormatName } from "../../../report/formatters/formats.node.ts";
import { ledgerOf, requireUsable } from "../../args/ledger.ts";
import type { Parsed } from "../../args/parse.ts";
import { storageOf } from "../../args/storage.ts";
import type { LocatedConfig } from "../../config/find-config.ts";
import { createPolicy, type Policy } from "../../config/policy.ts";
import {
  messagesOf,
  preflightOptionsFor,
  resolveConfiguration,
  validateAcceptUnsure,
} from "../../config/preflight-options.ts";
import { progressLine } from "../../io/progress-line.ts";
import type { Terminal } from "../../io/terminal.ts";
import { choicesOf } from "../fix/choices.ts";
import { type PushPrinter, pushPrinter, type Status } from "./printer.ts";
import { pushOptions } from "./push-options.ts";

/** What a push and a watch share. */
export interface PushSetUp {
  located: LocatedConfig;
  policy: Policy;
  ledger: Ledger;
  /** Options of the run, without its signal and listeners. */
  options: Omit<PushOptions, "signal" | "onEvent" | "onPause">;
}

/** @throws MediaPreflightError `usage`, `no-key`, `bad-config`, `ledger-invalid`, `ledger-unreachable` */
export async function setUpPush(args: Parsed, terminal: Terminal): Promise<PushSetUp> {
  const options = pushOptions(args);
  await validateAcceptUnsure(args);
  const located = await resolveConfiguration(args);
  // Findings that a repository accepts for its checks are still not sent.
  const policy = await createPolicy(located, null, process.cwd(), "");
  const ledger = ledgerOf(args, terminal.env);
  const apiKey = options.dryRun ? terminal.env.ATLASCLOUD_API_KEY || "not-needed" : undefined;
  const atlas = createAtlasClient(apiKey === undefined ? {} : { apiKey });
  const storage = await storageOf(args, "push");
  await requireUsable(ledger, terminal.signal);
  const { type: _, ...checking } = preflightOptionsFor(args, policy.general, located);
  const fix = args.switches.has("fix") ? choicesOf(args) : undefined;
  return {
    located,
    policy,
    ledger,
    options: {
      ...checking,
      ...options,
      fix,
      crossCheckOptions: { isolation: "process" },
      atlas,
      ledger,
      storage,
    },
  };
}

/** @param status the line that is redrawn; default: how far the push is */
export async function printerFor(args: Parsed, terminal: Terminal, status?: Status): Promise<PushPrinter> {
  const format = (args.values.format ?? "text") as FormatName;
  const verbose = args.switches.has("verbose");
  const formatter = await createFormatter(format, {
    color: terminal.color,
    width: terminal.columns ?? Number.POSITIVE_INFINITY,
    verbose,
    messages: await messagesOf(args),
    summary: false,
  });
  const quiet = args.switches.has("quiet");
  return pushPrinter({ formatter, format, terminal, line: progressLine(terminal), verbose, quiet, status });
}

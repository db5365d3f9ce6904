import { push } from "../../../index.ts";
import type { PushSummary } from "../../../push/options.ts";
import type { Run } from "../../args/command.ts";
import { inputArgumentsOf, inputs } from "../../files/inputs.ts";
import type { ExitCode } from "../../io/terminal.ts";
import { pushFiles } from "./push-files.ts";
import { validateArgs } from "./push-options.ts";
import { printerFor, setUpPush } from "./set-up.ts";

export const run: Run = async (args, terminal) => {
  const listing = inputArgumentsOf(args);
  validateArgs(args, listing);
  if (args.values.watch !== undefined) {
    const { watch } = await import("./watch.ts");
    return await watch(args.values.watch, args, terminal);
  }
  const { located, policy, ledger, options } = await setUpPush(args, terminal);
  const printer = await printerFor(args, terminal);
  let unreadable = 0;
  const files = pushFiles(inputs(listing, terminal, options.storage && ["s3"]), {
    args,
    policy,
    located,
    onError(error, file) {
      unreadable++;
      printer.error(error, file);
    },
  });
  printer.begin();
  const summary = await push(files, {
    ...options,
    signal: terminal.signal,
    onEvent: printer.event,
    onPause: printer.pause,
  }).finally(() => ledger.close());
  printer.end(summary);
  return unreadable > 0 ? 2 : codeOf(summary);
};

function codeOf(summary: PushSummary): ExitCode {
  if (summary.errors > 0 || summary.fatal || summary.stopped) return 2;
  return summary.refused > 0 || summary.failed > 0 ? 1 : 0;
}

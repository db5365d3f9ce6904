import { MediaPreflightError } from "../../../errors.ts";
import type { PreflightOptions } from "../../../preflight/preflight.ts";
import { type EnqueueEvent, enqueue } from "../../../push/queue/enqueue.node.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import { storageOf } from "../../args/storage.ts";
import { preflightOptionsFor, validateAcceptUnsure } from "../../config/preflight-options.ts";
import { inputArgumentsOf, inputs } from "../../files/inputs.ts";
import { errorLine, statusLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { element, textLine } from "./lines.ts";

/** `queue add`: exit code 0 if every file is queued, 1 if some did not pass, 2 if one could not be. */
export async function add(connectionString: string, args: Parsed, terminal: Terminal): Promise<ExitCode> {
  const listing = inputArgumentsOf(args);
  if (listing.positionals.length + listing.filesFrom.length === 0)
    throw usage("nothing to queue: name a file, a folder, a glob or a URL", "queue");
  if (listing.positionals.includes("-"))
    throw usage("queue does not take a file from stdin: save it to a file", "queue");
  const { type, account, priority, attempts } = args.values;
  let unreadable = 0;
  const failed = (error: MediaPreflightError, file: string): void => {
    unreadable++;
    terminal.err(errorLine(error, file));
  };
  const storage = await storageOf(args, "queue");
  if (storage) await validateAcceptUnsure(args);
  const { acceptUnsure, crossCheck, limits, rules, strict } = preflightOptionsFor(
    args,
    {},
    { config: {}, from: null, base: process.cwd() },
  );
  const checks = {
    acceptUnsure,
    crossCheck,
    crossCheckOptions: { isolation: "process" },
    limits,
    rules,
    strict,
  } as const;
  const summary = await enqueue(inputsToQueue(args, terminal, storage && ["s3"], failed), {
    ...(storage && { ...checks, storage }),
    connectionString,
    sharedRoot: args.values["shared-root"],
    type: type as PreflightOptions["type"],
    account,
    priority: wholeNumber(priority, "priority", { min: 0, max: 1000, default: 0 }, "queue"),
    attempts: wholeNumber(attempts, "attempts", { min: 1, max: 100, default: 6 }, "queue"),
    signal: terminal.signal,
    onEvent: (event) => print(event, args, terminal),
  });
  const { queued, alreadyQueued, refused } = summary;
  const errors = summary.errors + unreadable;
  const notPassed = storage ? `, ${refused} refused and not sent` : "";
  terminal.err(
    statusLine(
      `${queued} queued, ${alreadyQueued} queued already${notPassed}, ${errors} could not be queued`,
    ),
  );
  return errors > 0 ? 2 : refused > 0 ? 1 : 0;
}

async function* inputsToQueue(
  args: Parsed,
  terminal: Terminal,
  schemes: readonly string[] | undefined,
  failed: (error: MediaPreflightError, file: string) => void,
): AsyncGenerator<string | URL> {
  for await (const input of inputs(inputArgumentsOf(args), terminal, schemes)) {
    if (input.kind === "path") yield input.path;
    else if (input.kind === "url") yield /^s3:/i.test(input.url) ? input.url : new URL(input.url);
    else if (input.kind === "error") failed(input.error, input.displayName);
    else
      failed(
        new MediaPreflightError("unreadable", "the file name is not UTF-8", { hint: "rename the file" }),
        input.displayName,
      );
  }
}

function print(event: EnqueueEvent, args: Parsed, terminal: Terminal): void {
  const { kind, file } = event;
  if (args.values.format === "ndjson")
    terminal.out(element({ file, outcome: kind, ...("error" in event && { error: event.error }) }));
  else if (kind === "error" || kind === "refused") terminal.err(errorLine(event.error, file));
  else terminal.out(textLine(file, kind === "queued" ? "queued" : "queued already"));
}

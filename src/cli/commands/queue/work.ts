import { createAtlasClient } from "../../../atlas/client.node.ts";
import { failureOf } from "../../../push/queue/job-result.ts";
import { work as workOn } from "../../../push/queue/work.node.ts";
import type { WorkEvent } from "../../../push/queue/work-options.ts";
import { messageWithHint } from "../../../report/blocking.ts";
import { type Parsed, wholeNumber } from "../../args/parse.ts";
import { storageOf } from "../../args/storage.ts";
import { preflightOptionsFor, validateAcceptUnsure } from "../../config/preflight-options.ts";
import { errorLine, statusLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { element, textLine } from "./lines.ts";

/** `queue work`: exit code 0 if all files passed, 1 if some became dead letters, 2 if it had to stop. */
export async function work(connectionString: string, args: Parsed, terminal: Terminal): Promise<ExitCode> {
  await validateAcceptUnsure(args);
  const seconds = (name: string, standard: number): number =>
    1000 * wholeNumber(args.values[name], name, { min: 1, max: 86_400, default: standard }, "queue");
  const perMinute = "max-registrations-per-minute";
  // A service manager may start a worker in any folder: no configuration file is read from there.
  const {
    type: _,
    findings: _findings,
    ...judging
  } = preflightOptionsFor(args, {}, { config: {}, from: null, base: process.cwd() });
  const summary = await workOn({
    ...judging,
    atlas: createAtlasClient(),
    crossCheckOptions: { isolation: "process" },
    connectionString,
    sharedRoot: args.values["shared-root"],
    storage: await storageOf(args, "queue"),
    jobs: wholeNumber(args.values.jobs, "jobs", { min: 1, max: 64, default: 4 }, "queue"),
    untilEmpty: args.switches.has("until-empty"),
    drain: seconds("drain", 60),
    deadline: seconds("deadline", 300),
    maxRegistrationsPerMinute:
      wholeNumber(args.values[perMinute], perMinute, { min: 1, max: 1e6, default: 0 }, "queue") || undefined,
    signal: terminal.signal,
    onEvent: (event) => print(event, args, terminal),
  });
  const { done, retried, dead, fatal } = summary;
  if (fatal) terminal.err(errorLine(fatal));
  terminal.err(statusLine(`${done} submitted, ${retried} to be tried again, ${dead} dead letters`));
  // SIGTERM is the normal end of a worker, not a failure.
  if (terminal.signal.aborted) process.exitCode = undefined;
  return fatal ? 2 : dead > 0 ? 1 : 0;
}

function print(event: WorkEvent, args: Parsed, terminal: Terminal): void {
  if (event.kind === "start") return;
  const { kind, file } = event;
  if (args.values.format === "ndjson") {
    const { kind: outcome, ...rest } = event;
    const failure = kind === "done" ? {} : { error: failureOf(event.error) };
    terminal.out(element({ ...rest, ...failure, file, outcome }));
  } else if (kind === "done")
    terminal.out(textLine(file, `${event.asset.uri}${event.reused ? " (registered before)" : ""}`));
  else {
    const { findings, ...failure } = failureOf(event.error);
    const reasons = findings.map(({ message }) => message).join("; ");
    const text = reasons || messageWithHint(failure);
    terminal.out(textLine(file, kind === "dead" ? text : `to be tried again: ${text}`));
  }
}

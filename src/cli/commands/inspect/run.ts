import { mapInOrder, yieldRegularly } from "../../../async/map-in-order.ts";
import { MediaPreflightError } from "../../../errors.ts";
import { nodePreflight } from "../../../preflight/preflight.node.ts";
import type { Inspection } from "../../../preflight/preflight.ts";
import { escapeInJson } from "../../../report/escape.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import { type Input, inputArgumentsOf, inputs, toPreflightInput } from "../../files/inputs.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { inspectionText } from "./text.ts";

export const run: Run = async (args, terminal) => {
  const listing = inputArgumentsOf(args);
  if (listing.positionals.length + listing.filesFrom.length === 0)
    throw usage("inspect needs a file", "inspect");
  const jobs = wholeNumber(args.values.jobs, "jobs", { min: 1, max: 256, default: 8 }, "inspect");
  const printer = inspectionPrinter(args.values.format ?? "text", terminal);
  const pause = yieldRegularly();
  let code: ExitCode = 0;
  printer.begin();
  const inspectOne = (input: Input): Promise<Result> => inspected(input, args, terminal);
  for await (const result of mapInOrder(inputs(listing, terminal), jobs, inspectOne)) {
    await pause.now();
    if (terminal.signal.aborted) break;
    if ("error" in result) {
      code = 2;
      terminal.err(errorLine(result.error, result.file));
    } else printer.inspection(result);
  }
  printer.end();
  return code;
};

/** A file's facts, or why they could not be read. */
type Result = Inspection | { error: MediaPreflightError; file: string };

async function inspected(input: Input, args: Parsed, terminal: Terminal): Promise<Result> {
  try {
    if (input.kind === "error") throw input.error;
    if (input.kind === "missing-object")
      throw new MediaPreflightError("unreadable", "its Git LFS object is not on this machine", {
        hint: "git lfs pull fetches it",
      });
    return await nodePreflight.inspect(toPreflightInput(input), {
      crossCheck: args.values["cross-check"] as "auto" | "always" | "never" | undefined,
      name: input.kind === "url" ? undefined : input.displayName,
      signal: terminal.signal,
      allowPrivate: args.switches.has("allow-private") || (await allowedAddresses(input, terminal)),
    });
  } catch (error) {
    if (error instanceof MediaPreflightError) return { error, file: input.displayName };
    throw error;
  }
}

async function allowedAddresses(
  input: Input,
  { env }: Terminal,
): Promise<((url: URL) => boolean) | undefined> {
  if (input.kind !== "url") return undefined;
  return (await import("../../config/local-service.ts")).allowedByLocalService(env);
}

function inspectionPrinter(format: string, { out }: Terminal) {
  let count = 0;
  return {
    begin: () => format === "json" && out("[\n"),
    inspection(one: Inspection) {
      const separator = count++ === 0 ? "" : format === "json" ? ",\n" : format === "text" ? "\n" : "";
      if (format === "text") out(separator + inspectionText(one));
      else if (format === "ndjson") out(`${escapeInJson(JSON.stringify(one))}\n`);
      else out(separator + escapeInJson(JSON.stringify(one, null, 2)));
    },
    end: () => format === "json" && out(count > 0 ? "\n]\n" : "]\n"),
  };
}

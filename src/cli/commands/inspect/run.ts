import { MediaPreflightError } from "../../../errors.ts";
import { onNode } from "../../../preflight/preflight.node.ts";
import type { Inspection } from "../../../preflight/preflight.ts";
import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import type { Run } from "../../args/command.ts";
import { usage, wholeNumber } from "../../args/parse.ts";
import { mapInOrder, yieldRegularly } from "../../files/check-in-order.ts";
import { type Input, inputs, listingOf, opened } from "../../files/inputs.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { ExitCode } from "../../io/terminal.ts";

export const run: Run = async (args, terminal) => {
  const listing = listingOf(args);
  if (listing.positionals.length + listing.filesFrom.length === 0)
    throw usage("inspect needs a file", "inspect");
  const jobs = wholeNumber(args.values.jobs, "jobs", { min: 1, max: 256, default: 8 }, "inspect");
  const format = args.values.format ?? "text";
  const look = async (input: Input): Promise<Inspection | [MediaPreflightError, string]> => {
    try {
      if (input.kind === "error") throw input.error;
      if (input.kind === "absent") throw new MediaPreflightError("unreadable", "its object is not here");
      const from = opened(input);
      const crossCheck = args.values["cross-check"] as "auto" | "always" | "never" | undefined;
      const name = input.kind === "url" ? undefined : input.shown;
      const allowPrivate =
        args.switches.has("allow-private") ||
        (input.kind === "url"
          ? (await import("../../config/local-service.ts")).allowedByLocalService(terminal.env)
          : undefined);
      return await onNode.inspect(from, { crossCheck, name, signal: terminal.signal, allowPrivate });
    } catch (error) {
      if (error instanceof MediaPreflightError) return [error, input.shown];
      throw error;
    }
  };
  let code: ExitCode = 0;
  let count = 0;
  const rest = yieldRegularly();
  if (format === "json") terminal.out("[\n");
  for await (const seen of mapInOrder(inputs(listing, terminal), jobs, look)) {
    await rest.now();
    if (terminal.signal.aborted) break;
    if (Array.isArray(seen)) {
      code = 2;
      terminal.err(errorLine(...seen));
    } else if (format === "text") terminal.out(`${count++ ? "\n" : ""}${told(seen)}`);
    else if (format === "ndjson") terminal.out(`${escapeInJson(JSON.stringify(seen))}\n`);
    else terminal.out(`${count++ ? ",\n" : ""}${escapeInJson(JSON.stringify(seen, null, 2))}`);
  }
  if (format === "json") terminal.out(`${count ? "\n" : ""}]\n`);
  return code;
};

function told(seen: Inspection): string {
  const rows: [string, unknown][] = Object.entries(seen.facts).filter(([, value]) => value !== null);
  const readings: [string, unknown, string][] = [
    ...seen.readings.sizes.map((r): [string, unknown, string] => ["size", `${r.width}×${r.height}`, r.from]),
    ...seen.readings.durations.map((r): [string, unknown, string] => ["duration", `${r.value} s`, r.from]),
    ...seen.readings.frameRates.map((r): [string, unknown, string] => [
      "frameRate",
      `${r.value} fps`,
      r.from,
    ]),
  ];
  const lines = [
    seen.file ?? "(stdin)",
    ...rows.map(([name, value]) => `  ${name.padEnd(23)} ${value}`),
    ...readings.map(
      ([name, value, from]) => `  reading of ${name.padEnd(12).slice(0, 12)} ${value} (${from})`,
    ),
    ...seen.damage.map(
      (d) =>
        `  ${d.certain ? "damage" : "suspicion"}: ${d.part}, ${d.code}${d.at === null ? "" : ` at ${d.at}`}`,
    ),
    ...seen.unread.map((u) => `  not read: ${u.fact} (${u.why.code})`),
    ...seen.crossCheckNotes.map((n) => `  ${n.crossCheck}: ${n.why}`),
  ];
  return `${lines.map(escapeControls).join("\n")}\n`;
}

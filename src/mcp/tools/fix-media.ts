import { basename, dirname, join, resolve } from "node:path";
import { limit } from "../../async/limit.ts";
import { asJson, fixPrinter } from "../../cli/commands/fix/printer.ts";
import { fix } from "../../fix/fix.node.ts";
import { journal } from "../../fix/journal.node.ts";
import { fixMessages } from "../../fix/messages.ts";
import type { FixOptions, FixResult } from "../../fix/options.ts";
import { type AllowedFile, withAllowedFile } from "../allowed-file.ts";
import { answer } from "../answer.ts";
import { fixMedia as schemas } from "../schemas.ts";
import type { Tool } from "./tool.ts";

/** Encoders use every core of the machine. */
const limited = limit(1);

export const fixMedia: Tool<typeof schemas.input> = {
  title: "Fix media",
  description:
    "Plans how a file that does not pass is fixed: steps, and what is lost. With apply: true it writes the copy " +
    "beside the original, as name.fixed.ext, and checks it; the original is never changed and no file is overwritten. " +
    "Show the plan to the user before applying one that loses something. Needs ffmpeg on the machine.",
  schemas,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ path: givenPath, choices = {}, apply = false, type, rules }, { context, signal, progress }) {
    const settings = await context.checkSettings({ type, rules });
    const { findings: _, ...checkOptions } = settings.optionsFor(givenPath);
    const options: FixOptions = {
      ...checkOptions,
      ...choices,
      padColor: choices.padColor?.toLowerCase(),
      background: choices.background?.toLowerCase(),
      to: choices.to?.toLowerCase(),
      dryRun: !apply,
      signal,
      onProgress: (share) => progress(Math.round(share * 100), 100, "converting"),
    };
    const result = await limited(() =>
      withAllowedFile(givenPath, context.folders, async (file) =>
        asNamed(await (apply ? journal(fix) : fix)(file.path, options), file),
      ),
    );
    const { plan, output, report, reason } = asJson(result, fixMessages) as Record<string, unknown>;
    return answer({ plan, output, report, reason }, textOf(result));
  },
};

/** The result with paths as the agent names them. */
function asNamed(result: FixResult, { givenPath, path }: AllowedFile): FixResult {
  const beside = dirname(resolve(givenPath)) === dirname(path);
  const output =
    result.output && (beside ? join(dirname(givenPath), basename(result.output)) : result.output);
  return { ...result, file: givenPath, output, report: { ...result.report, file: output ?? givenPath } };
}

function textOf(result: FixResult): string {
  const printer = fixPrinter({
    format: "text",
    terminal: { color: false },
    messages: fixMessages,
    quiet: false,
    verbose: true,
  });
  const next = { planned: "call it with apply: true to write the copy", fixed: "register the copy" } as const;
  const { outcome } = result;
  return `${printer.file(result)}${outcome in next ? `next: ${next[outcome as keyof typeof next]}\n` : ""}`;
}

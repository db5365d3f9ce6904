import { tmpdir } from "node:os";
import { sha256OfText } from "../bytes/sha256.ts";
import { engineFor, isHeif, nodeEngines } from "../engines/engines.node.ts";
import type { Format } from "../facts/formats.ts";
import { fix } from "../fix/fix.node.ts";
import type { FixOptions, FixResult } from "../fix/options.ts";
import type { FixChoices } from "../fix/plan/types.ts";
import { withWorkFolder } from "../fix/work-folder.node.ts";
import { classifyInput } from "../preflight/classify-input.ts";
import type { NodeInput } from "../preflight/open-input.node.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import { isAccepted } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";
import type { SubmitFile, SubmitPlatform } from "../submit/options.ts";
import { SubmitError } from "../submit/submit-error.ts";

/** One file from its opening to its hash. */
interface Context {
  path: string;
  /** What is done to it; null: it passes as it is, or cannot be fixed. */
  planned: { result: FixResult; options: FixOptions } | null;
}

/**
 * A platform that sends a fixed copy of each local file that fails and can be fixed. The copy is known by the original's
 * hash and by all that decides what becomes of it (table, choices, engine): that hash is the ledger's key and is in the
 * asset's generated name. So the copy is made only if no asset of it exists, at the time it is sent.
 */
export function fixingPlatform(
  platform: SubmitPlatform<NodeInput>,
  choices: FixChoices,
): SubmitPlatform<NodeInput> {
  const contexts = new Map<NodeInput, Context>();
  return {
    ...platform,
    async open(input, options) {
      const file = await platform.open(input, options);
      const path = localPath(input);
      if (path === null) return file;
      const context: Context = { path, planned: null };
      contexts.set(input, context);
      return fixedFile(file, context, () => platform.rulesVersion?.(options.rules));
    },
    async preflight(input, options) {
      const report = await platform.preflight(input, options);
      const context = contexts.get(input);
      if (!context || isAccepted(report, options.acceptUnsure)) return report;
      const fixing = fixOptionsOf(options, choices);
      const result = await fix(context.path, { ...fixing, dryRun: true });
      if (result.outcome !== "planned") return report;
      context.planned = { result, options: fixing };
      return promised(report, result);
    },
  };
}

function localPath(input: NodeInput): string | null {
  if (typeof input !== "string") return null;
  const classified = classifyInput(input);
  return classified.kind === "path" ? classified.path : null;
}

function fixOptionsOf(options: PreflightOptions, choices: FixChoices): FixOptions {
  const { type, rules, limits, strict, acceptUnsure, crossCheck, crossCheckOptions, budgets, signal } =
    options;
  return {
    type,
    rules,
    limits,
    strict,
    acceptUnsure,
    crossCheck,
    crossCheckOptions,
    budgets,
    signal,
    ...choices,
  };
}

/** The copy's report as planned: it passes, or the copy is never sent. */
function promised(report: Report, { plan }: FixResult): Report {
  return { ...report, verdict: "pass", ok: true, facts: { ...report.facts, ...plan.target }, findings: [] };
}

function fixedFile(
  file: SubmitFile,
  context: Context,
  rulesVersion: () => Promise<string> | undefined,
): SubmitFile {
  return {
    ...file,
    async sha256(signal) {
      const original = await file.sha256(signal);
      if (!context.planned) return original;
      return await copyHash(original, context.planned, await rulesVersion());
    },
    async withPayload(signal, send) {
      if (!context.planned) return await send({ payload: context.path, report: null });
      const { options } = context.planned;
      return await withWorkFolder(tmpdir(), async (folder) => {
        const made = await fix(context.path, { ...options, signal, out: folder });
        if (made.outcome !== "fixed" || made.output === null)
          throw new SubmitError("refused", `it could not be fixed: ${made.reason?.message ?? "no reason"}`, {
            report: made.report,
          });
        return await send({ payload: made.output, report: made.report });
      });
    },
  };
}

/** What a copy is known by: nothing that decides its bytes is left out. */
async function copyHash(
  original: string,
  { result, options }: NonNullable<Context["planned"]>,
  rulesVersion: string | undefined,
): Promise<string> {
  const { report } = result;
  const { fit, padColor, trim, to, background, firstFrame, compatible, strict } = options;
  const chosen = { fit, padColor, trim, to, background, firstFrame, compatible, strict };
  const table = [report.rules, rulesVersion ?? null, report.limits, report.type];
  const engine = await engineVersion(report);
  return sha256OfText(JSON.stringify(["fixed copy", original, table, chosen, engine]));
}

async function engineVersion({ facts, type }: Report): Promise<string | null> {
  const format = facts.format as Format;
  const engines = await nodeEngines();
  const heif = isHeif(format) ? (engines.heif?.version ?? null) : null;
  const engine = engineFor(engines, heif ? "png" : format, type ?? "video");
  const version = engine && (await engine.capabilities()).version;
  return [heif, version].filter((part) => part !== null).join(", ");
}

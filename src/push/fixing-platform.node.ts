import { tmpdir } from "node:os";
import { sha256OfText } from "../bytes/sha256.ts";
import { sha256OfPath } from "../bytes/sha256-path.node.ts";
import { engineFor, isHeif, nodeEngines } from "../engines/engines.node.ts";
import type { Format } from "../facts/formats.ts";
import { fix } from "../fix/fix.node.ts";
import { type FixMessages, loadFixMessages, stepText } from "../fix/messages.ts";
import type { FixOptions, FixResult } from "../fix/options.ts";
import type { FixChoices } from "../fix/plan/types.ts";
import { withWorkFolder } from "../fix/work-folder.node.ts";
import { classifyInput } from "../preflight/inputs/classify-input.ts";
import { pathOfFileUrl } from "../preflight/inputs/file-url.node.ts";
import type { NodeInput } from "../preflight/inputs/open-input.node.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import { isAccepted } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";
import type { SubmitFile, SubmitPlatform } from "../submit/input/submit-file.ts";
import { SubmitError } from "../submit/submit-error.ts";

/** A file whose copy may be sent. */
interface Context {
  path: string;
  /** The plan of its copy, and the copy's expected report; null: it passes as it is, or cannot be fixed. */
  planned: { result: FixResult; options: FixOptions; report: Report } | null;
  onNote?: ((message: string) => void) | undefined;
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
  /** By the file that `open` returned, which `preflight` is given: one path may be pushed twice at the same time. */
  const contexts = new WeakMap<SubmitFile, Context>();
  return {
    ...platform,
    async open(input, options) {
      const file = await platform.open(input, options);
      const path = localPath(input);
      if (path === null) return file;
      const context: Context = { path, planned: null, onNote: options.onNote };
      const withCopy = fixedFile(file, context, () => platform.rulesVersion?.(options.rules));
      contexts.set(withCopy, context);
      return withCopy;
    },
    async preflight(input, options, file) {
      const context = contexts.get(file);
      const fixOptions = fixOptionsOf(options, choices);
      if (context?.planned) {
        // What passes by its headers is checked with MediaInfo too. Here that is the copy, once it is made.
        context.planned.options = fixOptions;
        return context.planned.report;
      }
      const report = await platform.preflight(input, options, file);
      if (!context || isAccepted(report, options.acceptUnsure)) return report;
      const result = await fix(context.path, { ...fixOptions, dryRun: true });
      if (result.outcome !== "planned") return report;
      context.planned = { result, options: fixOptions, report: reportOfCopy(report, result) };
      context.onNote?.(planNote(result, await fixMessages(options)));
      return context.planned.report;
    },
  };
}

function localPath(input: NodeInput): string | null {
  if (typeof input !== "string" && !(input instanceof URL)) return null;
  const classified = classifyInput(input);
  if (classified.kind === "file") return pathOfFileUrl(classified.url);
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

async function fixMessages({ locale }: PreflightOptions): Promise<FixMessages> {
  return await loadFixMessages(typeof locale === "string" ? locale : undefined);
}

/** What differs between the original and the copy that is sent. */
function planNote({ plan }: FixResult, messages: FixMessages): string {
  return `fixed copy: ${plan.steps.map((step) => stepText(step, messages)).join("; ")}`;
}

/** The copy's report as planned. A copy that does not pass is not sent. */
function reportOfCopy(report: Report, { plan }: FixResult): Report {
  // The plan states the most bytes that the copy may have, not its size.
  const facts = { ...report.facts, ...plan.target, bytes: null };
  return { ...report, verdict: "pass", ok: true, facts, findings: [] };
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
      if (!context.planned || original === null) return original;
      return await copyHash(original, context.planned, await rulesVersion());
    },
    copyMaxBytes: () => context.planned?.result.plan.target?.bytes ?? null,
    async withPayload(signal, send) {
      if (!context.planned) return await send({ payload: context.path, copy: null });
      const { options } = context.planned;
      return await withWorkFolder(tmpdir(), async (folder) => {
        const copy = await fix(context.path, { ...options, signal, out: folder });
        if (copy.outcome !== "fixed" || copy.output === null)
          throw new SubmitError("refused", `it could not be fixed: ${copy.reason?.message ?? "no reason"}`, {
            report: copy.report,
          });
        const sha256 = await sha256OfPath(copy.output, signal);
        return await send({ payload: copy.output, copy: { report: copy.report, sha256 } });
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

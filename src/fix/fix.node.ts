import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fromPath } from "../bytes/path.node.ts";
import type { Engine, RunOptions } from "../engines/engine.ts";
import {
  type Engines,
  engineFor,
  installHint,
  isHeif,
  nodeEngines,
  readable,
} from "../engines/engines.node.ts";
import type { MediaDetails } from "../engines/media-details.ts";
import { MediaPreflightError } from "../errors.ts";
import { type Format, formats } from "../facts/formats.ts";
import { onNode } from "../preflight/preflight.node.ts";
import type { Report } from "../report/report.ts";
import { keepAiLabel } from "./ai-label.node.ts";
import { makeAttempts, type Workbench } from "./attempts.ts";
import { type EmbeddedData, readEmbedded } from "./embedded-data.ts";
import { judging, judgingStrictly } from "./judging.ts";
import { type FixOptions, type FixResult, openable } from "./options.ts";
import {
  type Attempt,
  type Cannot,
  type EngineTraits,
  type FixPlan,
  firstAttempt,
  type PlanContext,
} from "./plan/types.ts";
import { planFix } from "./plan.ts";
import { publish } from "./publish.node.ts";
import { cannot, planned, result } from "./results.ts";
import { withWorkFolder } from "./work-folder.node.ts";

/**
 * Writes a copy of a file that passes, beside it or in `out`. The original is never changed; an existing file is never
 * written over.
 * @param path a local file
 * @throws MediaPreflightError `no-engine`, `not-found`, `unreadable`, `changed`, `aborted`, `timeout`, `usage`
 */
export async function fix(path: string, options: FixOptions = {}): Promise<FixResult> {
  const report = await onNode.preflight(path, judging(options));
  const first = planFix(report, options, { only: options.only, skip: options.skip });
  if (first.outcome === "fits" && !options.compatible) return result(path, first, report);
  if (first.outcome === "cannot" && !openable.has(first.reason?.code ?? ""))
    return result(path, first, report);
  const format = report.facts.format as Format | null;
  const kind = format && formats[format].kind;
  if (!format || !kind || !readable(format))
    return cannot(path, first, report, { code: "no-decoder", detail: format });
  const engines = await nodeEngines();
  if (!engines.ffmpeg && !engines.sharp)
    throw new MediaPreflightError("no-engine", "nothing that can convert media is installed", {
      hint: installHint,
    });
  const absolute = resolve(path);
  const before = await identity(absolute);
  const folder = options.out === undefined ? dirname(absolute) : resolve(options.out);
  return await withWorkFolder(folder, async (work) => {
    const opened = await open(engines, absolute, report, format, work, options);
    if ("code" in opened) return cannot(path, first, report, opened);
    if (options.dryRun) return planned(path, report, await planOpened(opened, report, options, firstAttempt));
    const done = await makeAttempts(workbench(opened, report, options, work), options.signal);
    if ((await identity(absolute)) !== before)
      throw new MediaPreflightError("changed", "it changed while it was being fixed", { retryable: true });
    if (!("finished" in done)) return result(path, done.plan, report, done.reason);
    const shown = options.out ?? dirname(path);
    const output = await publish(done.finished, path, shown, done.plan.target?.format ?? "out");
    return {
      file: path,
      outcome: "fixed",
      output,
      plan: done.plan,
      report: { ...done.report, file: output },
      reason: null,
    };
  });
}

/** A file that an engine can read: the original, or what a HEIC was decoded to. */
interface Opened {
  engine: Engine<string>;
  /** Judges videos and audios; null where only stills can be read. */
  judge: Engine<string> | null;
  path: string;
  format: Format;
  details: MediaDetails;
  embedded: EmbeddedData;
  traits: EngineTraits;
}

async function open(
  engines: Engines,
  path: string,
  report: Report,
  format: Format,
  work: string,
  options: FixOptions,
): Promise<Opened | Cannot> {
  const kind = formats[format].kind ?? "video";
  const source = fromPath(path);
  let embedded: EmbeddedData;
  try {
    embedded = await readEmbedded(source);
  } finally {
    source.close?.();
  }
  let at = path;
  let as = format;
  try {
    if (isHeif(format)) {
      if (!engines.heif) return { code: "no-decoder", detail: "heif-convert" };
      [at, as] = [join(work, "decoded.png"), "png"];
      const { width, height } = report.facts;
      if (width === null || height === null) return { code: "unread", detail: null };
      await engines.heif.toPng(path, at, { width, height }, run(options));
      embedded = { ...embedded, orientation: 1 };
    }
    const engine = engineFor(engines, as, kind);
    if (!engine) {
      if (engines.ffmpeg) return { code: "no-decoder", detail: format };
      throw new MediaPreflightError("no-engine", `nothing that can convert ${format} is installed`, {
        hint: installHint,
      });
    }
    const details = await engine.probe(at, as, run(options));
    const stills = engine.name === "sharp";
    const traits: EngineTraits = {
      toneMapping: true,
      hevc: true,
      keepsMetadata: stills && !isHeif(format),
      animations: stills || format === "gif",
      textTracks: true,
      stillBitDepth: 16,
    };
    return { engine, judge: engines.ffmpeg, path: at, format: as, details, embedded, traits };
  } catch (error) {
    if (!(error instanceof MediaPreflightError) || error.code !== "engine-failed") throw error;
    return { code: "no-decoder", detail: error.message };
  }
}

/** How attempts at an opened file are made, in a folder of their own. */
function workbench(opened: Opened, report: Report, options: FixOptions, work: string): Workbench<string> {
  return {
    plan: (attempt) => planOpened(opened, report, options, attempt),
    async run(plan, n) {
      const { job } = plan;
      if (!job) throw new MediaPreflightError("engine-failed", "the plan has no job");
      const output = join(work, `output-${n}`);
      const written = await opened.engine.run(
        { ...job, from: opened.format },
        opened.path,
        output,
        run(options),
      );
      if (!(await keepAiLabel(output, written.format, opened.embedded)))
        plan.losses.push({ kind: "ai-label", detail: null });
      return { ...written, output };
    },
    check: (output, format, plan) =>
      onNode.preflight(output, {
        ...judgingStrictly(options),
        name: `output.${format}`,
        type: plan.type ?? undefined,
      }),
    probe: async (output, format) => (await opened.judge?.probe(output, format, run(options))) ?? null,
  };
}

/** The plan for a file that an engine has opened. */
async function planOpened(
  opened: Opened,
  report: Report,
  options: FixOptions,
  attempt: Attempt,
): Promise<FixPlan> {
  const { details, embedded, traits } = opened;
  const { only, skip } = options;
  const context: PlanContext = { details, embedded, engine: traits, attempt, only, skip };
  let plan = planFix(report, options, context);
  // Asking an engine what it can encode takes a while, and copying needs none of it.
  if (plan.job?.kind === "video" && !plan.lossless)
    plan = planFix(report, options, { ...context, engine: await encodingTraits(opened) });
  if (plan.reason?.code === "needs-probe") plan.reason = { code: "no-decoder", detail: report.facts.format };
  return plan;
}

async function encodingTraits({ engine, traits }: Opened): Promise<EngineTraits> {
  const { toneMapping, encoders } = await engine.capabilities();
  return { ...traits, toneMapping, hevc: encoders.has("libx265") };
}

function run({ signal, onProgress, deadline }: FixOptions): RunOptions {
  return { signal, onProgress, deadline };
}

/** What a file is told from another by: replaced, grown or written to, it is another. */
async function identity(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs].join(" ");
}

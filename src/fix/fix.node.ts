import { dirname, join, resolve } from "node:path";
import type { Engine, RunOptions } from "../engines/engine.ts";
import {
  type Engines,
  engineFor,
  installHint,
  isHeif,
  isReadable,
  nodeEngines,
} from "../engines/engines.node.ts";
import type { MediaDetails } from "../engines/media-details.ts";
import { MediaPreflightError } from "../errors.ts";
import { type Format, formats } from "../facts/formats.ts";
import { classifyInput } from "../preflight/inputs/classify-input.ts";
import { nodePreflight } from "../preflight/preflight.node.ts";
import type { Report } from "../report/report.ts";
import { type AttemptSteps, makeAttempts } from "./attempts.ts";
import { fileIdentity } from "./file-identity.node.ts";
import type { EmbeddedData } from "./metadata/embedded-data.ts";
import { embeddedIn, keepXmp } from "./metadata/keep-xmp.node.ts";
import { requireFixOptions } from "./option-names.ts";
import { type FixOptions, type FixResult, needsOpening } from "./options.ts";
import {
  type Attempt,
  type Cannot,
  type EngineTraits,
  type FixPlan,
  firstAttempt,
  type PlanContext,
} from "./plan/types.ts";
import { planFix } from "./plan.ts";
import { preflightOptions, strictPreflightOptions } from "./preflight-options.ts";
import { publish } from "./publish.node.ts";
import { cannot, planned, result } from "./results.ts";
import { withStatedColors } from "./stated-colors.node.ts";
import { withWorkFolder } from "./work-folder.node.ts";

/**
 * Writes a copy of a file that passes, beside it or in `out`. The original is never changed, and no existing file is
 * overwritten.
 * @param path a local file
 * @throws MediaPreflightError `no-engine`, `not-found`, `unreadable`, `changed`, `aborted`, `timeout`, `usage`
 */
export async function fix(path: string, options: FixOptions = {}): Promise<FixResult> {
  requireFixOptions(options);
  if (typeof path !== "string" || classifyInput(path).kind !== "path")
    throw new MediaPreflightError("usage", "fix takes the path of a local file", {
      hint: "save other inputs to a file",
    });
  const report = await nodePreflight.preflight(path, preflightOptions(options));
  const first = planFix(report, options, { only: options.only, skip: options.skip });
  if (first.outcome === "fits" && !options.compatible) return result(path, first, report);
  if (first.outcome === "cannot" && !needsOpening(first)) return result(path, first, report);
  const format = report.facts.format as Format | null;
  const kind = format && formats[format].kind;
  if (!format || !kind || !isReadable(format))
    return cannot(path, first, report, { code: "no-decoder", detail: format });
  const engines = await nodeEngines();
  if (!engines.ffmpeg && !engines.sharp)
    throw new MediaPreflightError("no-engine", "nothing that can convert media is installed", {
      hint: installHint,
    });
  const absolute = resolve(path);
  const state = (): Promise<string | null> => fileIdentity(absolute).catch(() => null); // null: removed
  const before = await state();
  const folder = options.out === undefined ? dirname(absolute) : resolve(options.out);
  return await withWorkFolder(folder, async (work) => {
    const opened = await openFile(engines, absolute, report, format, work, options);
    if ("code" in opened) return cannot(path, first, report, opened);
    const typedReport =
      options.type === undefined && holdsOnlyAudio(report, opened.details)
        ? await nodePreflight.preflight(path, { ...preflightOptions(options), type: "audio" })
        : report;
    if (options.dryRun)
      return planned(path, typedReport, await planOpened(opened, typedReport, options, firstAttempt));
    const done = await makeAttempts(attemptSteps(opened, typedReport, options, work), options.signal);
    if ((await state()) !== before)
      throw new MediaPreflightError("changed", "it changed while it was being fixed", { retryable: true });
    if (!("finished" in done)) return result(path, done.plan, typedReport, done.reason);
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

/** Whether a container of videos, whose header is not parsed here, has audio tracks only. */
function holdsOnlyAudio({ type }: Report, { videos, audios }: MediaDetails): boolean {
  return type === "video" && audios.length > 0 && videos.every(({ cover }) => cover);
}

/** A file that an engine can read: the original, or the PNG that a HEIC was decoded to. */
interface OpenedFile {
  engine: Engine<string>;
  /** Reads the tracks of video and audio outputs; null if only sharp is installed. */
  prober: Engine<string> | null;
  path: string;
  format: Format;
  details: MediaDetails;
  embedded: EmbeddedData;
  traits: EngineTraits;
}

async function openFile(
  engines: Engines,
  path: string,
  report: Report,
  format: Format,
  work: string,
  options: FixOptions,
): Promise<OpenedFile | Cannot> {
  const kind = formats[format].kind ?? "video";
  let embedded = await embeddedIn(path);
  let inputPath = path;
  let inputFormat = format;
  // libvips reads no EXIF or GPS directory of a TIFF.
  let metadataReadable = format !== "tiff";
  try {
    if (isHeif(format)) {
      if (!engines.heif) return { code: "no-decoder", detail: "heif-convert" };
      [inputPath, inputFormat] = [join(work, "decoded.png"), "png"];
      const { width, height } = report.facts;
      if (width === null || height === null) return { code: "unread", detail: null };
      await engines.heif.toPng(path, inputPath, { width, height }, runOptions(options));
      embedded = { ...embedded, orientation: 1 };
      metadataReadable = (await embeddedIn(inputPath)).exif;
    }
    // sharp reads the first picture of an animated PNG only.
    const animatedPng = inputFormat === "png" && !options.firstFrame && (report.facts.frames ?? 1) > 1;
    const engine = animatedPng ? engines.ffmpeg : engineFor(engines, inputFormat, kind);
    if (!engine) {
      if (engines.ffmpeg) return { code: "no-decoder", detail: format };
      throw new MediaPreflightError("no-engine", `nothing that can convert ${format} is installed`, {
        hint: installHint,
      });
    }
    const details = await engine.probe(inputPath, inputFormat, runOptions(options));
    const isSharp = engine.name === "sharp";
    const traits: EngineTraits = {
      toneMapping: true,
      hevc: true,
      keepsMetadata: isSharp && metadataReadable,
      animations: animationsFrom(inputFormat, isSharp),
      textTracks: true,
      stillBitDepth: 16,
    };
    const opened = { engine, path: inputPath, format: inputFormat, details, embedded, traits };
    const file = { ...opened, prober: engines.ffmpeg };
    if (kind !== "image" || !embedded.statedColors) return file;
    return await withStatedColors(file, embedded.statedColors, engines, work, runOptions(options));
  } catch (error) {
    if (!(error instanceof MediaPreflightError) || error.code !== "engine-failed") throw error;
    return { code: "no-decoder", detail: error.message };
  }
}

/** Formats that an animation can become with all its frames. */
function animationsFrom(format: Format, isSharp: boolean): EngineTraits["animations"] {
  if (isSharp) return format === "png" ? [] : ["gif", "webp"];
  return format === "gif" || format === "png" ? ["gif", "webp", "png"] : [];
}

/** The steps of an attempt at an opened file, in a work folder. */
function attemptSteps(
  opened: OpenedFile,
  report: Report,
  options: FixOptions,
  work: string,
): AttemptSteps<string> {
  return {
    plan: (attempt) => planOpened(opened, report, options, attempt),
    async run(plan, n) {
      const { job } = plan;
      if (!job) throw new MediaPreflightError("engine-failed", "the plan has no job");
      const output = join(work, `output-${n}`);
      const written = await opened.engine.run(
        // What was decoded first is a PNG.
        opened.format === job.from ? job : { ...job, from: opened.format, decoders: ["png"] },
        opened.path,
        output,
        runOptions(options),
      );
      for (const lost of await keepXmp(output, written.format, opened.embedded))
        if (!plan.losses.some(({ kind }) => kind === lost.kind)) plan.losses.push(lost);
      return { ...written, output };
    },
    check: (output, format, plan) =>
      nodePreflight.preflight(output, {
        ...strictPreflightOptions(options),
        name: `output.${format}`,
        type: plan.type ?? undefined,
      }),
    probe: async (output, format) =>
      (await opened.prober?.probe(output, format, runOptions(options))) ?? null,
  };
}

/** The plan for a file that an engine has opened. */
async function planOpened(
  opened: OpenedFile,
  report: Report,
  options: FixOptions,
  attempt: Attempt,
): Promise<FixPlan> {
  const { details, embedded, traits } = opened;
  const { only, skip } = options;
  const context: PlanContext = { details, embedded, engine: traits, attempt, only, skip };
  let plan = planFix(report, options, context);
  // Listing an engine's encoders takes a while, and copying needs none.
  if (plan.job?.kind === "video" && !plan.lossless)
    plan = planFix(report, options, { ...context, engine: await encodingTraits(opened) });
  if (plan.reason?.code === "needs-probe") plan.reason = { code: "no-decoder", detail: report.facts.format };
  return plan;
}

async function encodingTraits({ engine, traits }: OpenedFile): Promise<EngineTraits> {
  const { toneMapping, encoders } = await engine.capabilities();
  return { ...traits, toneMapping, hevc: encoders.has("libx265") };
}

function runOptions({ signal, onProgress, deadline }: FixOptions): RunOptions {
  return { signal, onProgress, deadline };
}

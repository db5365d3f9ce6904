import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createAtlasClient } from "../../../atlas/client.node.ts";
import { isAtlasError } from "../../../atlas/error.ts";
import type { GenerateBody, Prediction } from "../../../atlas/types.ts";
import { redactUrl } from "../../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../../errors.ts";
import { preflightReferences } from "../../../index.ts";
import { messageWithHint } from "../../../report/blocking.ts";
import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import { progressLine } from "../../io/progress-line.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { Terminal } from "../../io/terminal.ts";

/** An output larger than this is no video of at most 30 s. */
const downloadCap = 2 * 1024 * 1024 * 1024;

export const run: Run = async (args, terminal) => {
  if (args.positionals.length > 0)
    throw usage(`generate takes no argument ${args.positionals[0]}`, "generate");
  const body = bodyOf(args);
  const deadline = wholeNumber(
    args.values.deadline,
    "deadline",
    { min: 1, max: 86_400, default: 1800 },
    "generate",
  );
  const checked = await preflightReferences(
    {
      model: body.model,
      images: body.reference_images ?? [],
      videos: body.reference_videos ?? [],
      audios: body.reference_audios ?? [],
      firstFrame: body.image,
      lastFrame: body.last_image,
    },
    { signal: terminal.signal },
  );
  for (const finding of checked.findings) {
    terminal.err(`${finding.rule}: ${escapeControls(messageWithHint(finding))}\n`);
  }
  if (checked.verdict === "fail") return 1;
  if (args.switches.has("dry-run")) {
    terminal.out(`${JSON.stringify(body, null, 2)}\n`);
    return 0;
  }
  const atlas = createAtlasClient();
  const line = progressLine(terminal);
  const started = await atlas.generateVideo(body, {
    signal: terminal.signal,
    bodyStyle: args.values["body-style"] as "flat" | "input" | undefined,
    allowUrlReferences: args.switches.has("allow-url-references"),
  });
  terminal.err(`prediction ${escapeControls(started.id)}\n`);
  let done = started;
  try {
    // A synchronous model returns its outputs at once.
    if (started.status !== "succeeded" || started.outputs.length === 0)
      done = await atlas.waitForPrediction(started.id, {
        signal: terminal.signal,
        deadline: deadline * 1000,
        onProgress: (progress) => line.show(() => `generating… asked ${progress.loaded} times`),
      });
  } catch (error) {
    if (!isAtlasError(error) || error.code !== "prediction-failed") throw error;
    line.clear();
    terminal.err(errorLine(error));
    return 1;
  }
  line.clear();
  show(done, args, terminal);
  if (args.values.download !== undefined) await download(done, args.values.download, terminal);
  return done.status === "succeeded" ? 0 : 1;
};

function bodyOf(args: Parsed): GenerateBody {
  const { model, prompt, image, duration, resolution, ratio, seed } = args.values;
  if (!model) throw usage("generate needs --model MODEL", "generate");
  const number = (text: string | undefined, flag: string): number | undefined => {
    if (text === undefined) return undefined;
    if (!/^-?\d{1,10}$/.test(text)) throw usage(`--${flag} is a whole number, not "${text}"`, "generate");
    return Number(text);
  };
  const given = (name: string): true | undefined => (args.switches.has(name) ? true : undefined);
  const body: Record<string, unknown> = {
    model,
    prompt,
    image,
    last_image: args.values["last-image"],
    reference_images: args.lists["reference-image"],
    reference_videos: args.lists["reference-video"],
    reference_audios: args.lists["reference-audio"],
    duration: number(duration, "duration"),
    resolution,
    ratio,
    seed: number(seed, "seed"),
    generate_audio: given("generate-audio"),
    watermark: given("watermark"),
    return_last_frame: given("return-last-frame"),
  };
  for (const key of Object.keys(body)) if (body[key] === undefined) delete body[key];
  return body as GenerateBody;
}

function show(done: Prediction, args: Parsed, terminal: Terminal): void {
  if (args.values.format === "json") terminal.out(`${escapeInJson(JSON.stringify(done, null, 2))}\n`);
  else for (const url of done.outputs) terminal.out(`${escapeControls(url)}\n`);
}

/** Saves each output under its own name; one that is cut is not left behind. */
async function download(done: Prediction, folder: string, terminal: Terminal): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, url] of done.outputs.entries()) {
    const name = basename(new URL(url).pathname).replace(/[^\w.-]/g, "_") || "output.mp4";
    const path = join(folder, `${done.id.replace(/[^\w-]/g, "_")}-${i}-${name}`);
    const part = `${path}.part`;
    try {
      const response = await fetch(url, { signal: terminal.signal });
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      let size = 0;
      const capped = Readable.fromWeb(response.body as import("node:stream/web").ReadableStream).on(
        "data",
        (chunk: Buffer) => {
          size += chunk.length;
          if (size > downloadCap) capped.destroy(new Error("it is larger than any video can be"));
        },
      );
      await pipeline(capped, createWriteStream(part));
      await rename(part, path);
      terminal.err(`saved ${path}\n`);
    } catch (cause) {
      await rm(part, { force: true });
      throw new MediaPreflightError(
        "network",
        `could not download ${redactUrl(url)}: ${(cause as Error).message}`,
        {
          cause,
          retryable: true,
          hint: "its address is printed above: fetch it before it expires",
        },
      );
    }
  }
}

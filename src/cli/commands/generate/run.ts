import { createAtlasClient } from "../../../atlas/client.node.ts";
import { isAtlasError } from "../../../atlas/error.ts";
import type { AtlasClient, GenerateBody, Prediction } from "../../../atlas/types.ts";
import { preflightReferences } from "../../../index.ts";
import { messageWithHint } from "../../../report/blocking.ts";
import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import { progressLine } from "../../io/progress-line.ts";
import { errorLine, statusLine } from "../../io/stderr-line.ts";
import type { Terminal } from "../../io/terminal.ts";
import { bodyOf } from "./body.ts";
import { downloadOutputs } from "./download.ts";

export const run: Run = async (args, terminal) => {
  if (args.positionals.length > 0)
    throw usage(`generate takes no argument ${args.positionals[0]}`, "generate");
  const body = bodyOf(args);
  const seconds = { min: 1, max: 86_400, default: 1800 };
  const deadline = 1000 * wholeNumber(args.values.deadline, "deadline", seconds, "generate");
  if (!(await referencesFit(body, terminal))) return 1;
  if (args.switches.has("dry-run")) {
    terminal.out(`${JSON.stringify(body, null, 2)}\n`);
    return 0;
  }
  const done = await prediction(createAtlasClient(), body, args, deadline, terminal);
  if (done === null) return 1;
  show(done, args, terminal);
  if (args.values.download !== undefined) await downloadOutputs(done, args.values.download, terminal);
  return done.status === "succeeded" ? 0 : 1;
};

/** Checks the references of the request together, and prints what is wrong with them. */
async function referencesFit(body: GenerateBody, { err, signal }: Terminal): Promise<boolean> {
  const request = {
    model: body.model,
    images: body.reference_images ?? [],
    videos: body.reference_videos ?? [],
    audios: body.reference_audios ?? [],
    firstFrame: body.image,
    lastFrame: body.last_image,
  };
  const { findings, verdict } = await preflightReferences(request, { signal });
  for (const finding of findings) err(statusLine(messageWithHint(finding), finding.rule));
  return verdict !== "fail";
}

/** The finished prediction; null if it failed, which is printed. */
async function prediction(
  atlas: AtlasClient,
  body: GenerateBody,
  args: Parsed,
  deadline: number,
  terminal: Terminal,
): Promise<Prediction | null> {
  const { signal } = terminal;
  const line = progressLine(terminal);
  try {
    const started = await atlas.generateVideo(body, {
      signal,
      bodyStyle: args.values["body-style"] as "flat" | "input" | undefined,
      allowUrlReferences: args.switches.has("allow-url-references"),
    });
    terminal.err(statusLine(`started prediction ${started.id}`));
    // A synchronous model returns its outputs at once.
    if (started.status === "succeeded" && started.outputs.length > 0) return started;
    return await atlas.waitForPrediction(started.id, {
      signal,
      deadline,
      onProgress: (progress) => line.show(() => `generating… ${progress.loaded} status requests`),
    });
  } catch (error) {
    if (!isAtlasError(error) || error.code !== "prediction-failed") throw error;
    line.clear();
    terminal.err(errorLine(error));
    return null;
  } finally {
    line.clear();
  }
}

function show(done: Prediction, args: Parsed, terminal: Terminal): void {
  if (args.values.format === "json") terminal.out(`${escapeInJson(JSON.stringify(done, null, 2))}\n`);
  else for (const url of done.outputs) terminal.out(`${escapeControls(url)}\n`);
}

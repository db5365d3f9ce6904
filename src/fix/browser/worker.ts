/**
 * The Worker that converts media for `fix` in a page: decoding and encoding do not block the page, and terminating it stops
 * the conversion and frees its memory. A module worker from the page's own origin.
 */

import { fromBlob } from "../../bytes/blob.ts";
import { canvasEngine } from "../../engines/canvas/engine.ts";
import { mediabunnyEngine } from "../../engines/mediabunny/engine.ts";
import { canEncodeHevc, loadMediabunny } from "../../engines/mediabunny/library.ts";
import { isMediaPreflightError } from "../../errors.ts";
import { readEmbedded } from "../metadata/embedded-data.ts";
import { keepLabel } from "./label.ts";
import type { FixAnswers, FixMessage, FixRequest } from "./protocol.ts";

const post = (message: FixMessage): void => globalThis.postMessage(message);

globalThis.addEventListener("message", ({ data }: MessageEvent<FixRequest>) => {
  answer(data).then(
    (found) => post({ op: "done", answer: found }),
    (error: unknown) => post(failure(error)),
  );
});
post({ op: "ready" });

async function answer(request: FixRequest): Promise<FixAnswers[FixRequest["op"]]> {
  switch (request.op) {
    case "kinds":
      return await loadMediabunny().then(
        () => ["image", "video", "audio"],
        () => ["image"],
      );
    case "open": {
      const { blob, format, kind } = request;
      const engine = kind === "image" ? canvasEngine : mediabunnyEngine;
      const details = await engine.probe(blob, format);
      const hevc = kind !== "image" && (await canEncodeHevc());
      return { details, embedded: await readEmbedded(fromBlob(blob)), hevc };
    }
    case "probe":
      return await mediabunnyEngine.probe(request.blob, request.format);
    case "run":
      return await run(request);
  }
}

async function run({ job, blob, embedded }: FixRequest & { op: "run" }): Promise<FixAnswers["run"]> {
  const engine = job.kind === "image" ? canvasEngine : mediabunnyEngine;
  const written = await engine.run(job, blob, { onProgress: (done) => post({ op: "progress", done }) });
  // A still's packet may state the orientation that its picture had.
  if (!embedded.aiLabel && (embedded.xmp === null || job.kind === "image"))
    return { ...written, keepsLabel: true };
  const output = embedded.xmp === null ? written.output : await keepLabel(written, embedded.xmp);
  const { aiLabel } = await readEmbedded(fromBlob(output));
  return { ...written, output, keepsLabel: aiLabel || !embedded.aiLabel };
}

function failure(error: unknown): FixMessage {
  if (isMediaPreflightError(error)) {
    const { code, message, hint, retryable } = error;
    return { op: "failed", code, message, hint, retryable };
  }
  return { op: "failed", code: "engine-failed", message: String(error), hint: null, retryable: false };
}

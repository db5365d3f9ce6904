import type { AudioTrackJob, Size, VideoEncoding } from "../../engines/job.ts";
import type { Container } from "./containers.ts";
import { rateOf } from "./frame-rate.ts";
import type { Framing } from "./framing.ts";
import type { Length } from "./length.ts";
import type { Planning } from "./planning.ts";
import type { FixStep } from "./types.ts";

/** The decisions for a video. */
export interface VideoDecisions {
  to: Container;
  framing: Framing;
  length: Length;
  encode: VideoEncoding | null;
  audio: readonly AudioTrackJob[];
  reduce: boolean;
  maxBytes: number;
  lossless: boolean;
}

/** The decisions as steps, in the order in which they are performed. */
export function stepsOf({ source, choices }: Planning, decisions: VideoDecisions): FixStep[] {
  const { to, framing, length, encode, audio, reduce, maxBytes, lossless } = decisions;
  const steps: FixStep[] = [];
  const { evidence, shown } = source;
  const codec = evidence.facts.videoCodec ?? source.video?.codec ?? "video";
  const from = to === source.format ? codec : `${source.format} (${codec})`;
  const changesCodec = encode && encode.codec !== codec;
  if (changesCodec || (to !== source.format && encode))
    steps.push({ kind: "convert", from, to: `${to} (${encode.codec})` });
  else if (to !== source.format) steps.push({ kind: "remux", to });
  const convertedAudio = audio.filter(
    (track) => track.encode && track.encode.codec !== evidence.facts.audioCodec,
  );
  if (convertedAudio.length && !changesCodec)
    steps.push({
      kind: "convert",
      from: evidence.facts.audioCodec ?? "audio",
      to: convertedAudio[0]?.encode?.codec ?? "aac",
    });
  if (length.duration !== null) steps.push({ kind: "trim", start: length.start, duration: length.duration });
  if (encode && shown) {
    if (source.rotation !== 0) steps.push({ kind: "rotate", degrees: source.rotation });
    if (Math.abs(source.pixelAspectRatio - 1) > 1e-6)
      steps.push({ kind: "square-pixels", pixelAspectRatio: source.pixelAspectRatio });
    steps.push(...framingSteps(framing, shown, choices.padColor ?? "#000000"));
    if (encode.frameRate && Math.abs(rateOf(encode.frameRate) - (source.frameRate ?? 0)) > 1e-3)
      steps.push({ kind: "frame-rate", frameRate: rateOf(encode.frameRate) });
    else if (encode.frameRate && evidence.facts.frameRateMode === "variable")
      steps.push({ kind: "frame-rate", frameRate: rateOf(encode.frameRate) });
  }
  if (reduce) steps.push({ kind: "reduce-size", bytes: maxBytes });
  if (steps.length === 0)
    steps.push(
      lossless || !encode
        ? { kind: "remux", to }
        : { kind: "convert", from: `${source.format} (${codec})`, to: `${to} (${encode.codec})` },
    );
  return steps;
}

/** The changes of the picture's size as steps. */
export function framingSteps({ canvas, scaled, crop }: Framing, shown: Size, color: string): FixStep[] {
  const steps: FixStep[] = [];
  if (crop) steps.push({ kind: "crop", ...crop });
  const source = crop ?? shown;
  if (scaled.width !== source.width || scaled.height !== source.height) {
    const factor = Math.sqrt((scaled.width * scaled.height) / (source.width * source.height));
    steps.push({ kind: "scale", ...scaled, factor: Math.round(factor * 1000) / 1000 });
  }
  if (canvas.width !== scaled.width || canvas.height !== scaled.height)
    steps.push({ kind: "pad", ...canvas, color });
  return steps;
}

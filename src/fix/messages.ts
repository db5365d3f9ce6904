import { escapeControls } from "../report/escape.ts";
import type { Cannot, CannotCode, FixStep, Loss, LossKind } from "./plan/types.ts";

/**
 * English texts of plans and results. They are separate from the other messages, so that only code that fixes files loads
 * them. A locale is an object with the same keys; {names} are filled in.
 */
export const fixMessages = {
  "step.remux": "remux it to {to}; picture and audio are copied",
  "step.convert": "convert {from} to {to}",
  "step.scale": "scale to {width}×{height}",
  "step.scale.up": "scale up to {width}×{height} (×{factor}): no detail is gained",
  "step.pad": "pad to {width}×{height} with {color}",
  "step.crop": "crop to {width}×{height}",
  "step.trim": "trim to {duration} s, from {start} s on",
  "step.frame-rate": "convert to {frameRate} fps",
  "step.square-pixels": "make pixels square",
  "step.rotate": "turn clockwise by {degrees}°",
  "step.reduce-size": "make it smaller than {bytes} bytes",
  lost: "lost",
  "line.fix": "fix: {detail}",
  "line.no-fix": "cannot be fixed: {detail}",
  "loss.c2pa": "the C2PA manifest: a signature over the original's bytes",
  "loss.gps": "the place where it was taken",
  "loss.metadata": "EXIF and other metadata",
  "loss.ai-label": "the label that it is made by AI: add it again",
  "loss.chapters": "chapters ({detail})",
  "loss.subtitles": "subtitles ({detail})",
  "loss.extra-tracks": "further tracks ({detail})",
  "loss.cover": "cover art",
  "loss.motion-photo": "the motion photo's video",
  "loss.gain-map": "the HDR gain map",
  "loss.channels": "audio channels ({detail})",
  "loss.sample-rate": "sample rate ({detail})",
  "loss.bit-depth": "bit depth ({detail})",
  "loss.color": "color detail ({detail})",
  "loss.hdr": "high dynamic range ({detail})",
  "loss.hdr-metadata": "mastering display and light level metadata",
  "loss.dolby-vision": "Dolby Vision metadata (profile {detail})",
  "loss.alpha": "transparency",
  "loss.animation": "animation ({detail} frames)",
  "loss.pages": "further pages ({detail})",
  "loss.audio-tail": "audio after the end of the picture ({detail})",
  "cannot.not-media": "it is not a known image, video or audio format",
  "cannot.empty": "it is empty: choose another file, or copy it again",
  "cannot.type": "it is of another type: {detail}",
  "cannot.damaged": "it is damaged: fetch or export it again",
  "cannot.unread": "what decides could not be read from it",
  "cannot.encrypted": "it is encrypted",
  "cannot.needs-probe": "its headers are not read here: an engine has to open it first",
  "cannot.no-table": "the rule table {detail} is not available: pass it as an option",
  "cannot.no-format": "no format that the table accepts can be written",
  "cannot.no-format.chosen": "the chosen output format is not possible; possible: {detail}",
  "cannot.no-codec": "no codec that the table accepts can be written: {detail}",
  "cannot.no-size": "no picture size satisfies the table",
  "cannot.no-frame-rate": "no frame rate satisfies the table",
  "cannot.too-short": "it is too short, and length cannot be added ({detail} s)",
  "cannot.after-end": "the part to keep would start after the end ({detail} s)",
  "cannot.too-small": "at the size that is allowed nothing recognisable would be left",
  "cannot.minimum-size":
    "the table requires at least {detail} bytes, and nothing useful can be added to reach that",
  "cannot.dolby-vision":
    "its colors are Dolby Vision profile {detail}, which ffmpeg does not convert; export it as HDR10 or SDR",
  "cannot.alpha":
    "no format that the table accepts keeps its transparency; a background color can replace it",
  "cannot.animation":
    "no format that the table accepts keeps its animation; only its first picture can be kept",
  "cannot.image-sequence": "it is a sequence of images",
  "cannot.camera-raw": "it is a camera raw file: develop it first",
  "cannot.no-decoder": "nothing here decodes it: {detail}",
  "cannot.no-encoder": "nothing here encodes it: {detail}",
  "cannot.no-tone-mapping": "converting HDR needs an ffmpeg with zscale and tonemap",
  "cannot.no-track": "it has no {detail} track, and none can be made up",
  "cannot.rules": "no step repairs this: {detail}",
};

/** The English text of every key about plans of fixes. */
export type FixMessages = Readonly<Record<keyof typeof fixMessages, string>>;

// This line fails to compile if a kind or code has no text.
type Needed = `step.${FixStep["kind"]}` | `loss.${LossKind}` | `cannot.${CannotCode}`;
type _AllHaveText = Needed extends keyof FixMessages ? true : never;

/** The texts of a locale; English for an unknown one. */
export async function loadFixMessages(locale: string | undefined): Promise<FixMessages> {
  return locale === "zh-CN" ? (await import("./messages.zh-CN.ts")).fixMessagesZh : fixMessages;
}

/** The text of a step. */
export function stepText(step: FixStep, messages: FixMessages = fixMessages): string {
  if (step.kind === "scale" && step.factor > 1.0005) return fill(messages["step.scale.up"], step);
  return fill(messages[`step.${step.kind}`], step);
}

/** The line of `check --verbose` that says how a file can be fixed, or why not. */
export function fixLineText(
  kind: "fix" | "no-fix",
  detail: string,
  messages: FixMessages = fixMessages,
): string {
  return fill(messages[`line.${kind}`], { detail });
}

/** The text of a loss. */
export function lossText({ kind, detail }: Loss, messages: FixMessages = fixMessages): string {
  return fill(messages[`loss.${kind}`], { detail });
}

/** The text of the reason why a file cannot be fixed. */
export function reasonText({ code, detail }: Cannot, messages: FixMessages = fixMessages): string {
  const key = code === "no-format" && detail !== null ? "no-format.chosen" : code;
  return fill(messages[`cannot.${key}`], { detail });
}

function fill(template: string, values: object): string {
  const of = values as Readonly<Record<string, unknown>>;
  return template
    .replace(/\{(\w+)\}/g, (_, name: string) => escapeControls(String(of[name] ?? "")))
    .replace(/(: | \(\)| )$/, "")
    .replace(" ()", "");
}

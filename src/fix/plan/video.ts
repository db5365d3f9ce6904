import type { AudioTrackJob, VideoEncoding } from "../../engines/job.ts";
import type { MediaDetails } from "../../engines/media-details.ts";
import type { Facts } from "../../facts/facts.ts";
import type { Subject } from "../../rules/verdict.ts";
import { audioTracks } from "./audio-tracks.ts";
import { byteLimit, requireMinimumSize } from "./byte-limits.ts";
import { CannotFix } from "./cannot-error.ts";
import { type Container, containers, copyable } from "./containers.ts";
import { rateOf } from "./frame-rate.ts";
import { chooseFraming, type Framing } from "./framing.ts";
import { chooseLength, type Length } from "./length.ts";
import { audioLosses, embeddedLosses, loss, otherTracks } from "./losses.ts";
import type { Planning } from "./planning.ts";
import type { Draft, Loss } from "./types.ts";
import { chooseVideoEncoding, isCompatible, pictureLosses } from "./video-encoding.ts";
import { stepsOf } from "./video-steps.ts";

/** Containers whose packets lack the timestamps that MP4 needs. */
const lackingTimestamps = new Set([
  "avi",
  "mpeg-ps",
  "mpeg-video",
  "h264-stream",
  "h265-stream",
  "wmv",
  "rm",
  "flv",
]);

/** Steps and job for a video. @throws CannotFix */
export function planVideo(planning: Planning): Draft {
  const { source, limits, choices, attempt } = planning;
  const { shown, main, longest } = source;
  if (!shown || main === null || longest === null) throw new CannotFix("needs-probe");
  const to = chooseContainer(planning);
  const length = chooseLength(longest, main, limits, choices.trim ?? 0, attempt);
  const maxBytes = byteLimit(limits, length.expected);
  requireMinimumSize(planning, length.expected / main, length.expected);
  const copied = Math.ceil(
    source.bytes * Math.min(1, length.expected / main) * (length.duration ? 1.03 : 1.01),
  );
  const reduce = copied > maxBytes;
  const needed = encodingNeeded(planning, to, length) || reduce;
  const framing = needed ? framingOf(planning) : { canvas: shown, scaled: shown, crop: null };
  const audio = audioTracks(planning, to, length, maxBytes);
  const encode = needed ? chooseVideoEncoding(planning, framing, length, maxBytes, audio, to) : null;
  const textTracks = planning.engine?.textTracks !== false;
  const timecode = textTracks && length.start === 0;
  const others = otherTracks(source.details, textTracks && length.duration === null, timecode);
  const codec = encode?.codec ?? source.video?.codec ?? source.evidence.facts.videoCodec ?? "h264";
  const losses: Loss[] = [
    ...embeddedLosses(planning.embedded, true, true),
    ...others.losses,
    ...audioLosses(audio, source.details),
    ...(encode ? pictureLosses(planning, encode) : []),
    ...dolbyVisionLoss(planning, encode !== null, to),
    ...(length.duration !== null && longest - main > 0.1
      ? [loss("audio-tail", `${(longest - main).toFixed(2)} s`)]
      : []),
  ];
  const lossless = !encode && audio.every((track) => !track.encode);
  const steps = stepsOf(planning, { to, framing, length, encode, audio, reduce, maxBytes, lossless });
  const frameRate = encode?.frameRate ? rateOf(encode.frameRate) : source.frameRate;
  return {
    steps,
    losses,
    lossless,
    target: {
      format: to,
      bytes: encode ? Math.floor(maxBytes === Number.MAX_SAFE_INTEGER ? copied * 2 : maxBytes) : copied,
      width: framing.canvas.width,
      height: framing.canvas.height,
      codedWidth: encode ? framing.canvas.width : source.evidence.facts.codedWidth,
      codedHeight: encode ? framing.canvas.height : source.evidence.facts.codedHeight,
      rotation: encode ? 0 : source.rotation,
      pixelAspectRatio: encode ? 1 : source.pixelAspectRatio,
      duration: length.expected,
      frameRate,
      frameRateMode: encode?.frameRate ? "constant" : source.evidence.facts.frameRateMode,
      videoCodec: codec,
      audioCodec: audio.length ? (audio[0]?.encode?.codec ?? source.evidence.facts.audioCodec) : null,
      sampleRate: audio[0]?.encode?.sampleRate ?? source.evidence.facts.sampleRate,
      channels: audio[0]?.encode?.channels ?? source.evidence.facts.channels,
      ...codingFacts(planning, encode, audio),
      frames: frameRate ? Math.round(frameRate * Math.min(length.expected, main)) : null,
      truncated: false,
    },
    job: {
      kind: "video",
      shown,
      from: source.format,
      to,
      start: length.start,
      duration: length.duration,
      expected: length.expected,
      maxBytes: Math.min(maxBytes * 2, 2 ** 40),
      video: { track: source.video?.track ?? 0, codec: source.video?.codec ?? codec, encode },
      audio,
      decoders: codecsOf(source.details) ?? [codec, source.evidence.facts.audioCodec ?? "aac"],
      subtitles: others.subtitles,
      chapters: others.chapters,
      timecode,
    },
  };
}

/** The facts about coding that the output will have. Copying only rewrites the container, with the index first. */
function codingFacts(
  { source }: Planning,
  encode: VideoEncoding | null,
  audio: readonly AudioTrackJob[],
): Pick<Facts, "audioProfile" | "bitDepth" | "chroma" | "editList" | "fastStart" | "interlaced"> {
  const { facts } = source.evidence;
  const audioEncoding = audio[0]?.encode;
  return {
    chroma: encode ? "4:2:0" : facts.chroma,
    bitDepth: encode ? encode.bitDepth : facts.bitDepth,
    interlaced: encode ? false : facts.interlaced,
    audioProfile: audioEncoding ? (audioEncoding.codec === "aac" ? "LC" : null) : facts.audioProfile,
    fastStart: true,
    editList: encode ? false : facts.editList,
  };
}

function chooseContainer({ source, limits, choices }: Planning): Container {
  const { to } = choices;
  if (to !== undefined) {
    const allowed = containers.filter((format) => limits.allows("format", format));
    const chosen = allowed.find((format) => format === to);
    if (!chosen) throw new CannotFix("no-format", allowed.join(", ") || null);
    return chosen;
  }
  const own = containers.find((format) => format === source.format && limits.allows("format", format));
  const found = own ?? containers.find((format) => limits.allows("format", format));
  if (!found) throw new CannotFix("no-format");
  return found;
}

/** Whether the video track has to be encoded, because copying cannot change what blocks. */
function encodingNeeded(planning: Planning, to: Container, length: Length): boolean {
  const { source, limits, attempt, blocked, choices } = planning;
  const codec = source.evidence.facts.videoCodec ?? source.video?.codec ?? "";
  const changesContainer = to !== source.format;
  // Readings that only headers disagree on are resolved by rewriting the headers.
  const sizeBlocked = (["width", "height", "aspectRatio", "pixels", "resolution"] as const).some((subject) =>
    blocked.has(subject),
  );
  const subjects: readonly Subject[] = [
    "frameRate",
    "frameRateMode",
    "rotation",
    "pixelAspectRatio",
    "frames",
    "chroma",
    "bitDepth",
    "interlaced",
    "editList",
  ];
  return (
    attempt.encode ||
    sizeBlocked ||
    subjects.some((subject) => blocked.has(subject)) ||
    blocked.has("videoCodec") ||
    length.start > 0 ||
    (choices.compatible === true && !isCompatible(source.video, codec)) ||
    (changesContainer &&
      (lackingTimestamps.has(source.format) ||
        !copyable[to].video.includes(codec) ||
        !limits.allows("videoCodec", codec, true)))
  );
}

function framingOf({ source, limits, choices, attempt }: Planning): Framing {
  const { shown } = source;
  if (!shown) throw new CannotFix("needs-probe");
  const framing = chooseFraming(shown, limits, {
    fit: choices.fit ?? "pad",
    step: 2,
    maxPixels: attempt.pixels < 1 ? shown.width * shown.height * attempt.pixels : Number.POSITIVE_INFINITY,
  });
  if (!framing) throw new CannotFix("no-size");
  return framing;
}

function codecsOf(details: MediaDetails | null): string[] | null {
  if (!details) return null;
  return [...details.videos, ...details.audios].map(({ codec }) => codec);
}

/** FFmpeg copies Dolby Vision's configuration into MP4 only; no encoder here writes its metadata. */
function dolbyVisionLoss({ source }: Planning, encoded: boolean, to: Container): Loss[] {
  const found = source.video?.dolbyVision;
  return found && (encoded || to !== "mp4") ? [loss("dolby-vision", String(found.profile))] : [];
}

import type { AudioTrackJob, VideoCodec, VideoEncoding } from "../../engines/job.ts";
import type { MediaDetails, VideoTrackDetails } from "../../engines/media-details.ts";
import type { Subject } from "../../rules/verdict.ts";
import { audioTracks } from "./audio-tracks.ts";
import { byteLimit, requireMinimumSize } from "./byte-limits.ts";
import { CannotFix } from "./cannot-error.ts";
import { type Container, containers, copyable } from "./containers.ts";
import { chooseFrameRate, rateOf } from "./frame-rate.ts";
import { chooseLength, type Length } from "./length.ts";
import { audioLosses, embeddedLosses, loss, otherTracks } from "./losses.ts";
import type { Planning } from "./planning.ts";
import { type Framing, frame } from "./size.ts";
import type { Draft, Loss } from "./types.ts";
import { stepsOf } from "./video-steps.ts";

/** Containers whose packets lack the timestamps that MP4 needs. */
const untimed = new Set(["avi", "mpeg-ps", "mpeg-video", "h264-stream", "h265-stream", "wmv", "rm", "flv"]);
/** Containers whose timestamps are rounded to milliseconds. */
const rounded = new Set(["webm", "mkv", "flv"]);

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
  const encode = needed ? encoding(planning, framing, length, maxBytes, audio, to) : null;
  const others = otherTracks(
    source.details,
    length.duration === null && planning.engine?.textTracks !== false,
  );
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
      frames: frameRate ? Math.round(frameRate * length.expected) : null,
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
    },
  };
}

function chooseContainer({ source, limits, choices }: Planning): Container {
  const { to } = choices;
  if (to !== undefined) {
    if (!(containers as readonly string[]).includes(to) || !limits.allows("format", to))
      throw new CannotFix("no-format", to);
    return to as Container;
  }
  const own = containers.find((format) => format === source.format && limits.allows("format", format));
  const found = own ?? containers.find((format) => limits.allows("format", format));
  if (!found) throw new CannotFix("no-format");
  return found;
}

/** Whether the video track has to be encoded: what copying cannot change. */
function encodingNeeded(planning: Planning, to: Container, length: Length): boolean {
  const { source, limits, attempt, blocked, choices } = planning;
  const codec = source.evidence.facts.videoCodec ?? source.video?.codec ?? "";
  const moved = to !== source.format;
  // Readings that only headers disagree on are resolved by rewriting the headers.
  const picture = (["width", "height", "aspectRatio", "pixels", "resolution"] as const).some((subject) =>
    blocked.has(subject),
  );
  const subjects: readonly Subject[] = [
    "frameRate",
    "frameRateMode",
    "rotation",
    "pixelAspectRatio",
    "frames",
  ];
  return (
    attempt.encode ||
    picture ||
    subjects.some((subject) => blocked.has(subject)) ||
    blocked.has("videoCodec") ||
    length.start > 0 ||
    (choices.compatible === true && !compatible(source.video, codec)) ||
    (moved &&
      (untimed.has(source.format) ||
        !copyable[to].video.includes(codec) ||
        !limits.allows("videoCodec", codec, true)))
  );
}

/** H.264, 8 bits, standard range and gamut. */
function compatible(video: VideoTrackDetails | null, codec: string): boolean {
  if (codec !== "h264") return false;
  return !video || (video.bitDepth <= 8 && !wide(video));
}

function wide(video: VideoTrackDetails): boolean {
  return video.transfer !== "sdr" || /^(bt2020|smpte43[12])/.test(video.colour.primaries ?? "");
}

function framingOf({ source, limits, choices, attempt }: Planning): Framing {
  const { shown } = source;
  if (!shown) throw new CannotFix("needs-probe");
  const framing = frame(shown, limits, {
    fit: choices.fit ?? "pad",
    step: 2,
    maxPixels: attempt.pixels < 1 ? shown.width * shown.height * attempt.pixels : Number.POSITIVE_INFINITY,
  });
  if (!framing) throw new CannotFix("no-size");
  return framing;
}

function encoding(
  planning: Planning,
  framing: Framing,
  length: Length,
  maxBytes: number,
  audio: readonly AudioTrackJob[],
  to: Container,
): VideoEncoding {
  const { source, limits, choices, engine, attempt, blocked } = planning;
  const { video } = source;
  if (video?.alpha && choices.background === undefined) throw new CannotFix("alpha");
  if (video?.dolbyVision?.compatible === false)
    throw new CannotFix("dolby-vision", String(video.dolbyVision.profile));
  const { codec, bitDepth, toSdr } = chooseCodec(planning);
  if (toSdr && engine && !engine.toneMapping) throw new CannotFix("no-tone-mapping");
  const rate = source.frameRate;
  const convertRate =
    blocked.has("frameRate") ||
    blocked.has("frameRateMode") ||
    rounded.has(source.format) ||
    to !== source.format;
  const frameRate = convertRate && rate !== null ? chooseFrameRate(rate, limits) : null;
  if (blocked.has("frameRate") && !frameRate) throw new CannotFix("no-frame-rate");
  if (blocked.has("frameRateMode") && !limits.allows("frameRateMode", "constant"))
    throw new CannotFix("rules", "frame-rate-mode");
  const bits = audio.reduce((all, track) => all + (track.encode?.bitRate ?? 320_000), 0);
  const budget =
    maxBytes === Number.MAX_SAFE_INTEGER
      ? null
      : Math.floor((maxBytes * 0.94 * attempt.bytes * 8) / length.expected - bits);
  if (budget !== null && budget < 16_000) throw new CannotFix("too-small");
  return {
    codec,
    bitDepth,
    toSdr,
    picture: {
      crop: framing.crop,
      scale: framing.scaled,
      pad: samePlace(framing) ? null : { ...framing.canvas, color: choices.padColor ?? "#000000" },
      background: video?.alpha ? (choices.background ?? null) : null,
    },
    frameRate,
    // Far more than quality asks for: no bound.
    maxBitRate: budget === null || budget > 120_000_000 ? null : budget,
    deinterlace: video?.interlaced ?? false,
    colour: colourOf(video),
  };
}

const samePlace = ({ canvas, scaled }: Framing): boolean =>
  canvas.width === scaled.width && canvas.height === scaled.height;

/** H.264 for 8 bits; HEVC where more would be lost. */
function chooseCodec({ source, limits, choices, engine }: Planning): {
  codec: VideoCodec;
  bitDepth: 8 | 10;
  toSdr: boolean;
} {
  const { video } = source;
  const allowed = (["h264", "hevc"] as const).filter((codec) => limits.allows("videoCodec", codec));
  const [first] = allowed;
  if (!first) throw new CannotFix("no-codec");
  const deep = (video?.bitDepth ?? 8) > 8 && video?.rgb !== true;
  const high = video ? wide(video) && video.transfer !== "sdr" : false;
  if (choices.compatible) {
    if (!allowed.includes("h264")) throw new CannotFix("no-codec", "h264");
    return { codec: "h264", bitDepth: 8, toSdr: video ? wide(video) : false };
  }
  if (deep && allowed.includes("hevc") && engine?.hevc !== false)
    return { codec: "hevc", bitDepth: 10, toSdr: false };
  // Eight bits cannot hold a high dynamic range without bands.
  return { codec: first, bitDepth: 8, toSdr: high };
}

/**
 * The colours that the output states: those of the source. A source that states none stays without, as whoever shows
 * the two guesses alike; RGB is coded by BT.709, and that is stated.
 */
function colourOf(video: VideoTrackDetails | null): VideoEncoding["colour"] {
  const stated = video?.colour;
  const rgb = video?.rgb ?? false;
  const named = (value: string | null | undefined): string | null => (rgb ? "bt709" : (value ?? null));
  return {
    matrix: named(stated?.matrix),
    primaries: stated?.primaries ?? named(null),
    transfer: stated?.transfer ?? named(null),
    fullRange: stated?.fullRange ?? false,
    rgb,
  };
}

function codecsOf(details: MediaDetails | null): string[] | null {
  if (!details) return null;
  return [...details.videos, ...details.audios].map(({ codec }) => codec);
}

function pictureLosses({ source }: Planning, encode: VideoEncoding): Loss[] {
  const { video } = source;
  if (!video) return [];
  const out: Loss[] = [];
  if (encode.toSdr && video.transfer !== "sdr") out.push(loss("hdr", video.transfer));
  else if (video.hdrMetadata) out.push(loss("hdr-metadata"));
  if (encode.bitDepth < video.bitDepth) out.push(loss("bit-depth", `${video.bitDepth} → ${encode.bitDepth}`));
  if (encode.picture.background !== null) out.push(loss("alpha"));
  return out;
}

/** FFmpeg copies Dolby Vision's configuration into MP4 only; no encoder here writes its metadata. */
function dolbyVisionLoss({ source }: Planning, encoded: boolean, to: Container): Loss[] {
  const found = source.video?.dolbyVision;
  return found && (encoded || to !== "mp4") ? [loss("dolby-vision", String(found.profile))] : [];
}

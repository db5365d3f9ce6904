import type { AudioTrackJob, VideoCodec, VideoEncoding } from "../../engines/job.ts";
import type { VideoTrackDetails } from "../../engines/media-details.ts";
import { CannotFix } from "./cannot-error.ts";
import type { Container } from "./containers.ts";
import { chooseFrameRate } from "./frame-rate.ts";
import type { Framing } from "./framing.ts";
import type { Length } from "./length.ts";
import { loss } from "./losses.ts";
import type { Planning } from "./planning.ts";
import type { Loss } from "./types.ts";

/** Containers whose timestamps are rounded to milliseconds. */
const millisecondContainers = new Set(["webm", "mkv", "flv"]);

/** How the video track is encoded. @throws CannotFix */
export function chooseVideoEncoding(
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
  const rate = spacingOf(planning) ?? source.frameRate;
  const convertRate =
    blocked.has("frameRate") ||
    blocked.has("frameRateMode") ||
    millisecondContainers.has(source.format) ||
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
      pad: isUnpadded(framing) ? null : { ...framing.canvas, color: choices.padColor ?? "#000000" },
      background: video?.alpha ? (choices.background ?? null) : null,
    },
    frameRate,
    // Far more than the quality setting produces: no bound.
    maxBitRate: budget === null || budget > 120_000_000 ? null : budget,
    deinterlace: video?.interlaced ?? blocked.has("interlaced"),
    color: colorOf(video),
  };
}

/** The rate on whose grid the frames of a variable rate lie, if it is allowed: at that rate each is shown when it was. */
function spacingOf({ source, limits }: Planning): number | null {
  const { facts, frameRates } = source.evidence;
  if (facts.frameRateMode !== "variable") return null;
  const nominal = frameRates.find(({ from }) => from === "nominal")?.value;
  return nominal !== undefined && limits.allows("frameRate", nominal) ? nominal : null;
}

const isUnpadded = ({ canvas, scaled }: Framing): boolean =>
  canvas.width === scaled.width && canvas.height === scaled.height;

/** H.264 with 8 bits, or HEVC with 10 if the source has more than 8. */
function chooseCodec({ source, limits, choices, engine }: Planning): {
  codec: VideoCodec;
  bitDepth: 8 | 10;
  toSdr: boolean;
} {
  const { video } = source;
  const allowed = (["h264", "hevc"] as const).filter((codec) => limits.allows("videoCodec", codec));
  const [first] = allowed;
  if (!first) throw new CannotFix("no-codec");
  const keepsTenBits = (video?.bitDepth ?? 8) > 8 && video?.rgb !== true && limits.allows("bitDepth", 10);
  const isHdr = video ? isHdrOrWideGamut(video) && video.transfer !== "sdr" : false;
  if (choices.compatible) {
    if (!allowed.includes("h264")) throw new CannotFix("no-codec", "h264");
    return { codec: "h264", bitDepth: 8, toSdr: video ? isHdrOrWideGamut(video) : false };
  }
  if (keepsTenBits && allowed.includes("hevc") && engine?.hevc !== false)
    return { codec: "hevc", bitDepth: 10, toSdr: false };
  // Eight bits cannot represent a high dynamic range without banding.
  return { codec: first, bitDepth: 8, toSdr: isHdr };
}

/**
 * The colours that the output states: those of the source. If the source states none, the output states none, so that
 * players assume the same for both. RGB is converted by BT.709, and the output states that.
 */
function colorOf(video: VideoTrackDetails | null): VideoEncoding["color"] {
  const stated = video?.color;
  const rgb = video?.rgb ?? false;
  const bt709IfRgb = (value: string | null | undefined): string | null => (rgb ? "bt709" : (value ?? null));
  return {
    matrix: bt709IfRgb(stated?.matrix),
    primaries: stated?.primaries ?? bt709IfRgb(null),
    transfer: stated?.transfer ?? bt709IfRgb(null),
    fullRange: stated?.fullRange ?? false,
    rgb,
  };
}

/** Whether every player decodes the track: H.264, 8 bits, 4:2:0, standard range and gamut. */
export function isCompatible(video: VideoTrackDetails | null, codec: string): boolean {
  if (codec !== "h264") return false;
  if (!video) return true;
  return video.bitDepth <= 8 && (video.chroma ?? "4:2:0") === "4:2:0" && !isHdrOrWideGamut(video);
}

/** Whether the colors reach beyond those of BT.709 and sRGB. */
export function isHdrOrWideGamut(video: VideoTrackDetails): boolean {
  return video.transfer !== "sdr" || /^(bt2020|smpte43[12])/.test(video.color.primaries ?? "");
}

/** What encoding loses of the picture. */
export function pictureLosses({ source }: Planning, encode: VideoEncoding): Loss[] {
  const { video } = source;
  if (!video) return [];
  const out: Loss[] = [];
  if (encode.toSdr && video.transfer !== "sdr") out.push(loss("hdr", video.transfer));
  else if (video.hdrMetadata) out.push(loss("hdr-metadata"));
  if (encode.bitDepth < video.bitDepth) out.push(loss("bit-depth", `${video.bitDepth} → ${encode.bitDepth}`));
  const chroma = video.chroma ?? source.evidence.facts.chroma;
  if (chroma && !["4:2:0", "4:1:0", "4:0:0"].includes(chroma)) out.push(loss("color", `${chroma} → 4:2:0`));
  if (encode.picture.background !== null) out.push(loss("alpha"));
  return out;
}

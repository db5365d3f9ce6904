import type {
  ConversionAudioOptions,
  ConversionOptions,
  ConversionVideoOptions,
  VideoSample,
} from "mediabunny";
import { MediaPreflightError } from "../../errors.ts";
import type { AudioEncoding, AudioJob, VideoEncoding, VideoJob } from "../job.ts";
import type { Mediabunny } from "./library.ts";

type Settings = Omit<ConversionOptions, "input" | "output">;

/** A job as mediabunny's settings. @throws MediaPreflightError `engine-failed` for what it cannot do */
export function conversionSettings(library: Mediabunny, job: VideoJob | AudioJob): Settings {
  const tracks = job.kind === "audio" ? [job.audio] : job.audio;
  const copies = tracks.every(({ encode }) => !encode) && (job.kind === "audio" || !job.video.encode);
  return {
    ...(job.duration === null
      ? job.kind === "audio" && job.audio.encode?.end
        ? { trim: { start: job.start, end: job.audio.encode.end } }
        : {}
      : { trim: { start: job.start, end: job.start + job.duration } }),
    // A plan that copies must not encode: if copying fails, a new plan is made. Nothing outside the kept part remains.
    copy: { mode: copies ? "forced" : "preferred", boundaryPolicy: "shrink" },
    video: (track) => {
      if (job.kind === "audio" || track.number - 1 !== job.video.track) return { discard: true };
      return job.video.encode ? videoSettings(library, job.video.encode) : {};
    },
    audio: (track) => {
      const own = tracks.find((one) => one.track === track.number - 1);
      if (!own) return { discard: true };
      return own.encode ? audioSettings(library, own.encode, job.kind) : {};
    },
    ...(job.kind === "audio" && !job.cover ? { tags: ({ images, raw, ...tags }) => tags } : {}),
    showWarnings: false,
  };
}

function videoSettings({ Quality }: Mediabunny, encode: VideoEncoding): ConversionVideoOptions {
  const { picture, frameRate, maxBitRate } = encode;
  const { crop, scale, pad } = picture;
  if (encode.toSdr) throw new MediaPreflightError("engine-failed", "HDR is not converted in pages");
  if (picture.background !== null)
    throw new MediaPreflightError("engine-failed", "transparency of videos is not filled in pages");
  const { width, height } = pad ?? scale;
  const rate = frameRate ? frameRate.num / frameRate.den : 30;
  // About the bit rate of x264 at CRF 18; browsers' encoders have no constant quality in common.
  const defaultBitRate = Math.round(width * height * Math.max(rate, 24) * 0.15);
  return {
    codec: encode.codec === "hevc" ? "hevc" : "avc",
    quality: new Quality({ bitrate: Math.min(defaultBitRate, maxBitRate ?? defaultBitRate) }),
    keyFrameInterval: 2,
    ...(crop ? { crop: { left: crop.x, top: crop.y, width: crop.width, height: crop.height } } : {}),
    width: scale.width,
    height: scale.height,
    fit: "fill",
    allowTransformationMetadata: false,
    alpha: "discard",
    forceTranscode: true,
    ...(frameRate ? { frameRate: rate } : {}),
    ...(pad ? { process: padding(scale, pad), processedWidth: pad.width, processedHeight: pad.height } : {}),
  };
}

/** Centres each frame on a canvas of the padded size. */
function padding(
  scale: VideoEncoding["picture"]["scale"],
  pad: NonNullable<VideoEncoding["picture"]["pad"]>,
): (sample: VideoSample) => OffscreenCanvas {
  const canvas = new OffscreenCanvas(pad.width, pad.height);
  const context = canvas.getContext("2d", { alpha: false });
  return (sample) => {
    if (!context) throw new MediaPreflightError("engine-failed", "there is no canvas to draw on");
    context.fillStyle = pad.color;
    context.fillRect(0, 0, pad.width, pad.height);
    const left = Math.floor((pad.width - scale.width) / 2);
    const top = Math.floor((pad.height - scale.height) / 2);
    sample.draw(context, left, top, scale.width, scale.height);
    return canvas;
  };
}

function audioSettings(
  { Quality }: Mediabunny,
  encode: AudioEncoding,
  kind: "video" | "audio",
): ConversionAudioOptions {
  const { codec, sampleRate, channels, bitRate, bitDepth, end } = encode;
  return {
    codec: codec === "pcm" ? (bitDepth === 24 ? "pcm-s24" : "pcm-s16") : codec,
    ...(sampleRate === null ? {} : { sampleRate }),
    ...(channels === null ? {} : { numberOfChannels: channels }),
    ...(bitRate === null ? {} : { quality: new Quality({ bitrate: bitRate }) }),
    forceTranscode: true,
    ...(kind === "video" && end !== null
      ? { process: (sample) => (sample.timestamp + sample.duration > end ? null : sample) }
      : {}),
  };
}

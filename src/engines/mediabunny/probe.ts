import type { Input, InputAudioTrack, InputVideoTrack } from "mediabunny";
import { MediaPreflightError } from "../../errors.ts";
import { type Format, formats } from "../../facts/formats.ts";
import type { AudioTrackDetails, MediaDetails, Transfer, VideoTrackDetails } from "../media-details.ts";
import { bitDepthOf, codecName, pcmBits } from "./codec-names.ts";
import { listOtherTracks } from "./other-tracks.ts";

/** Formats whose frame rate and duration our own parsers read; others are measured here. */
const parsedFormats: ReadonlySet<Format> = new Set(["mp4", "mov", "m4a", "wav", "mp3"]);

/** Number of packets from which a frame rate is measured. */
const measuredPackets = 256;

/** Every track of a file. */
export async function probeInput(input: Input, blob: Blob, format: Format): Promise<MediaDetails> {
  if (!(await input.canRead()))
    throw new MediaPreflightError("engine-failed", `mediabunny does not read ${formats[format].label}`);
  const videos: VideoTrackDetails[] = [];
  const audios: AudioTrackDetails[] = [];
  for (const track of await input.getVideoTracks())
    videos.push(await videoDetails(track, videos.length, !parsedFormats.has(format)));
  for (const track of await input.getAudioTracks()) audios.push(await audioDetails(track, audios.length));
  const { images } = await input.getMetadataTags();
  images?.forEach(({ mimeType }) => {
    videos.push(coverDetails(mimeType, videos.length));
  });
  const { others, chapters } = await listOtherTracks(blob, format);
  const longest = Math.max(0, ...[...videos, ...audios].map(({ duration }) => duration ?? 0));
  return { videos, audios, others, chapters, duration: longest || null, location: false, pages: 1 };
}

async function videoDetails(
  track: InputVideoTrack,
  position: number,
  measure: boolean,
): Promise<VideoTrackDetails> {
  const color = await track.getColorSpace();
  const aspect = await track.getPixelAspectRatio();
  const rate = measure ? (await track.computePacketStats(measuredPackets)).averagePacketRate : null;
  // TypeScript knows only WebCodecs' names for SDR.
  const stated: string | null = color.transfer ?? null;
  const transfer: Transfer = stated === "pq" || stated === "hlg" ? stated : "sdr";
  return {
    track: position,
    codec: codecName(await track.getCodec()),
    width: await track.getCodedWidth(),
    height: await track.getCodedHeight(),
    pixelAspectRatio: aspect.num / aspect.den,
    rotation: await track.getRotation(),
    frameRate: rate ? { num: Math.round(rate * 1000), den: 1000 } : null,
    nominalFrameRate: null,
    duration: await durationOf(track),
    bitDepth: bitDepthOf(await track.getCodecParameterString()),
    transfer,
    color: {
      matrix: color.matrix ?? null,
      primaries: color.primaries ?? null,
      transfer: color.transfer ?? null,
      fullRange: color.fullRange ?? false,
    },
    rgb: color.matrix === "rgb",
    alpha: await track.canBeTransparent(),
    interlaced: false,
    cover: false,
  };
}

async function audioDetails(track: InputAudioTrack, position: number): Promise<AudioTrackDetails> {
  const codec = await track.getCodec();
  return {
    track: position,
    codec: codecName(codec),
    channels: await track.getNumberOfChannels(),
    sampleRate: await track.getSampleRate(),
    bitDepth: pcmBits(codec),
    duration: await durationOf(track),
  };
}

/** Presented seconds: samples before time zero do not count. */
async function durationOf(track: InputVideoTrack | InputAudioTrack): Promise<number> {
  return (await track.computeDuration()) - Math.max(await track.getFirstTimestamp(), 0);
}

/** Cover art as a track, as FFmpeg lists it. */
function coverDetails(mime: string, track: number): VideoTrackDetails {
  return {
    track,
    codec: mime.split("/")[1] ?? "image",
    width: 0,
    height: 0,
    pixelAspectRatio: 1,
    rotation: 0,
    frameRate: null,
    nominalFrameRate: null,
    duration: null,
    bitDepth: 8,
    transfer: "sdr",
    color: { matrix: null, primaries: null, transfer: null, fullRange: true },
    rgb: true,
    alpha: false,
    interlaced: false,
    cover: true,
  };
}

import type { AudioEncoding, AudioTrackJob } from "../../engines/job.ts";
import type { MediaDetails } from "../../engines/media-details.ts";
import { CannotFix } from "./cannot-error.ts";
import { type Container, copyable } from "./containers.ts";
import type { Length } from "./length.ts";
import type { Limits } from "./limits.ts";
import type { Planning } from "./planning.ts";

/** How a video's audio tracks are written: copied if that is enough, otherwise encoded, never dropped. @throws CannotFix */
export function audioTracks(
  planning: Planning,
  to: Container,
  length: Length,
  maxBytes: number,
): AudioTrackJob[] {
  const { source, limits, blocked, choices } = planning;
  const { facts } = source.evidence;
  const known = source.details?.audios;
  const tracks = known ?? (facts.audioCodec === null ? [] : [undefined]);
  if (blocked.has("audioCodec") && tracks.length === 0) throw new CannotFix("no-track", "audio");
  return tracks.map((details, track) => {
    const codec = details
      ? details.codec.startsWith("pcm_")
        ? "pcm"
        : details.codec
      : (facts.audioCodec ?? "");
    const changesContainer = to !== source.format;
    const encode =
      blocked.has("audioCodec") ||
      blocked.has("sampleRate") ||
      blocked.has("channels") ||
      blocked.has("audioProfile") ||
      blocked.has("editList") ||
      length.start > 0 ||
      planning.attempt.encode ||
      (choices.compatible === true && codec !== "aac") ||
      (changesContainer &&
        (!copyable[to].audio.includes(codec) || !limits.allows("audioCodec", codec, true)));
    if (!encode) return { track, encode: null };
    return { track, encode: audioEncoding(planning, details ?? null, length, maxBytes, to) };
  });
}

function audioEncoding(
  { limits, source }: Planning,
  details: MediaDetails["audios"][number] | null,
  length: Length,
  maxBytes: number,
  to: Container,
): AudioEncoding {
  const codecs = to === "mov" ? (["aac", "mp3", "pcm"] as const) : (["aac", "mp3"] as const);
  const codec = codecs.find(
    (one) =>
      limits.allows("audioCodec", one) &&
      // Only AAC has a profile, and a row about it is about each track.
      (limits.isFree("audioProfile") || (one === "aac" && limits.allows("audioProfile", "LC"))),
  );
  if (!codec) throw new CannotFix("no-codec");
  const channels = details?.channels ?? source.evidence.facts.channels ?? 2;
  const rate = details?.sampleRate ?? source.evidence.facts.sampleRate ?? 48_000;
  const { sampleRate, channels: targetChannels } = audioShape(limits, codec, rate, channels);
  const maxBitRate =
    maxBytes === Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : (maxBytes * 8) / length.expected / 8;
  const goodBitRate = Math.max(targetChannels, 1) * 96_000 + 64_000;
  return {
    codec,
    sampleRate: sampleRate === rate ? null : sampleRate,
    channels: targetChannels === channels ? null : targetChannels,
    bitRate:
      codec === "pcm"
        ? null
        : Math.floor(Math.min(Math.max(Math.min(goodBitRate, maxBitRate), 32_000), 512_000)),
    bitDepth: 16,
    end: length.audioEnd,
  };
}

/** The sample rate and channels nearest to the source's that encoder and limits allow. */
export function audioShape(
  limits: Limits,
  codec: "aac" | "mp3" | "pcm",
  rate: number,
  channels: number,
): { sampleRate: number; channels: number } {
  const rates = [
    rate,
    48_000,
    44_100,
    96_000,
    88_200,
    192_000,
    32_000,
    24_000,
    22_050,
    16_000,
    11_025,
    8000,
  ].filter(
    (one) =>
      (codec === "pcm" || one <= (codec === "mp3" ? 48_000 : 96_000)) &&
      (codec !== "mp3" || one === 48_000 || one === 44_100 || one === 32_000 || one <= 24_000) &&
      limits.allows("sampleRate", one),
  );
  const maxChannels = codec === "mp3" ? 2 : codec === "aac" ? 8 : 32;
  const counts = [channels, 2, 1, 6, 8].filter((one) => one <= maxChannels && limits.allows("channels", one));
  const distance = (one: number): number => Math.abs(Math.log(one / rate)) + (one < rate ? 0.01 : 0);
  const sampleRate = rates.sort((a, b) => distance(a) - distance(b))[0];
  const count = counts.find((one) => one <= channels) ?? counts[0];
  if (sampleRate === undefined) throw new CannotFix("rules", "sample-rate");
  if (count === undefined) throw new CannotFix("rules", "channels");
  return { sampleRate, channels: count };
}

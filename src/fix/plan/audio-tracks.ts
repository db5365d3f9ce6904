import type { AudioEncoding, AudioTrackJob } from "../../engines/job.ts";
import type { MediaDetails } from "../../engines/media-details.ts";
import { CannotFix } from "./cannot-error.ts";
import { type Container, copyable } from "./containers.ts";
import type { Length } from "./length.ts";
import type { Limits } from "./limits.ts";
import type { Planning } from "./planning.ts";

/** What becomes of a video's audio tracks: copied where that suffices, never dropped. @throws CannotFix */
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
    const moved = to !== source.format;
    const encode =
      blocked.has("audioCodec") ||
      blocked.has("sampleRate") ||
      blocked.has("channels") ||
      length.start > 0 ||
      planning.attempt.encode ||
      (choices.compatible === true && codec !== "aac") ||
      (moved && (!copyable[to].audio.includes(codec) || !limits.allows("audioCodec", codec, true)));
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
  const codec = codecs.find((one) => limits.allows("audioCodec", one));
  if (!codec) throw new CannotFix("no-codec");
  const channels = details?.channels ?? source.evidence.facts.channels ?? 2;
  const rate = details?.sampleRate ?? source.evidence.facts.sampleRate ?? 48_000;
  const { sampleRate, channels: wanted } = audioShape(limits, codec, rate, channels);
  const most =
    maxBytes === Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : (maxBytes * 8) / length.expected / 8;
  const fine = Math.max(wanted, 1) * 96_000 + 64_000;
  return {
    codec,
    sampleRate: sampleRate === rate ? null : sampleRate,
    channels: wanted === channels ? null : wanted,
    bitRate: codec === "pcm" ? null : Math.floor(Math.min(Math.max(Math.min(fine, most), 32_000), 512_000)),
    bitDepth: 16,
    end: length.audioEnd,
  };
}

/** Sample rate and channels that encoder and limits take, nearest to the source's. */
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
  const mostChannels = codec === "mp3" ? 2 : codec === "aac" ? 8 : 32;
  const counts = [channels, 2, 1, 6, 8].filter(
    (one) => one <= mostChannels && limits.allows("channels", one),
  );
  const away = (one: number): number => Math.abs(Math.log(one / rate)) + (one < rate ? 0.01 : 0);
  const sampleRate = rates.sort((a, b) => away(a) - away(b))[0];
  const count = counts.find((one) => one <= channels) ?? counts[0];
  if (sampleRate === undefined) throw new CannotFix("rules", "sample-rate");
  if (count === undefined) throw new CannotFix("rules", "channels");
  return { sampleRate, channels: count };
}

import type { AudioEncoding } from "../../engines/job.ts";
import { audioShape } from "./audio-tracks.ts";
import { byteLimit, requireMinimumSize } from "./byte-limits.ts";
import { CannotFix } from "./cannot-error.ts";
import { chooseLength, type Length } from "./length.ts";
import { audioLosses, embeddedLosses, loss } from "./losses.ts";
import type { Planning } from "./planning.ts";
import type { Draft, FixStep, Loss } from "./types.ts";

type AudioContainer = "wav" | "mp3";

const losslessCodecs = /^(pcm|flac|alac|ape|wavpack|tta|dsd)/;

/** Steps and job for an audio file. @throws CannotFix */
export function planAudio(planning: Planning): Draft {
  const { source, limits, choices, attempt } = planning;
  const { main, longest } = source;
  if (main === null || longest === null) throw new CannotFix("needs-probe");
  const length = chooseLength(longest, main, limits, choices.trim ?? 0, attempt);
  const maxBytes = byteLimit(limits, length.expected);
  requireMinimumSize(planning, length.expected / main, length.expected);
  const copied = Math.ceil(source.bytes * Math.min(1, length.expected / main) * 1.02) + 4096;
  const chosen = chooseTarget(planning, length, maxBytes, copied);
  const { to, encode } = chosen;
  const cover = source.details?.videos.some((track) => track.cover) ?? false;
  const audio = { track: 0, encode };
  const { facts } = source.evidence;
  const codec = facts.audioCodec ?? source.format;
  const losses: Loss[] = [
    ...embeddedLosses(planning.embedded, true, true),
    ...audioLosses([audio], source.details),
    ...(cover && to === "wav" ? [loss("cover")] : []),
    ...((source.details?.audios.length ?? 1) > 1
      ? [loss("extra-tracks", String((source.details?.audios.length ?? 1) - 1))]
      : []),
    ...((source.details?.chapters ?? 0) > 0 ? [loss("chapters", String(source.details?.chapters))] : []),
  ];
  const reduce = copied > maxBytes;
  const steps: FixStep[] = [];
  if (encode && (to !== source.format || encode.codec !== codec))
    steps.push({ kind: "convert", from: source.format, to });
  else if (to !== source.format) steps.push({ kind: "remux", to });
  else if (encode && (encode.sampleRate !== null || encode.channels !== null))
    steps.push({
      kind: "convert",
      from: describeAudio(facts.sampleRate, facts.channels),
      to: describeAudio(encode.sampleRate ?? facts.sampleRate, encode.channels ?? facts.channels),
    });
  if (length.duration !== null) steps.push({ kind: "trim", start: length.start, duration: length.duration });
  if (reduce) steps.push({ kind: "reduce-size", bytes: maxBytes });
  if (steps.length === 0) steps.push({ kind: "remux", to });
  return {
    steps,
    losses,
    lossless:
      !encode ||
      (encode.codec === "pcm" &&
        losslessCodecs.test(codec) &&
        losses.every((l) => l.kind === "cover" || l.kind === "chapters")),
    target: {
      format: to,
      bytes: encode ? bytesOf(encode, planning, length) : copied,
      duration: length.expected,
      audioCodec: encode?.codec ?? facts.audioCodec,
      sampleRate: encode?.sampleRate ?? facts.sampleRate,
      channels: encode?.channels ?? facts.channels,
      truncated: false,
    },
    job: {
      kind: "audio",
      from: source.format,
      to,
      start: length.start,
      duration: length.duration,
      expected: length.expected,
      maxBytes: Math.min(maxBytes * 2, 2 ** 40),
      audio,
      cover: cover && to === "mp3",
      decoders: source.details
        ? [...source.details.audios, ...source.details.videos].map((track) => track.codec)
        : decodersOf(codec),
    },
  };
}

const describeAudio = (rate: number | null, channels: number | null): string =>
  `${rate ?? "?"} Hz × ${channels ?? "?"}`;

/** FFmpeg's codec names for what our parsers call pcm. */
function decodersOf(codec: string): string[] {
  if (codec !== "pcm") return [codec];
  return ["pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_u8", "pcm_s16be", "pcm_s24be"];
}

function chooseTarget(
  planning: Planning,
  length: Length,
  maxBytes: number,
  copied: number,
): { to: AudioContainer; encode: AudioEncoding | null } {
  const { source, limits, choices, blocked, attempt } = planning;
  const { facts } = source.evidence;
  const codec = facts.audioCodec ?? source.format;
  const allowed = (["wav", "mp3"] as const).filter((format) => limits.allows("format", format));
  const own = allowed.find((format) => format === source.format);
  if (choices.to !== undefined && !allowed.includes(choices.to as AudioContainer))
    throw new CannotFix("no-format", allowed.join(", ") || null);
  const changed = blocked.has("audioCodec") || blocked.has("sampleRate") || blocked.has("channels");
  const copies = own && (choices.to ?? own) === own && !changed && !attempt.encode && copied <= maxBytes;
  if (copies) {
    // Packets of a WAV are large: rewriting the samples, unchanged, ends at the exact time.
    const depth = exactDepth(source.details?.audios[0]?.codec);
    const exact = own === "wav" && length.duration !== null && depth ? samePcm(depth) : null;
    if (exact) return { to: own, encode: exact };
    if (length.start === 0) return { to: own, encode: null };
  }
  const order = choices.to
    ? [choices.to as AudioContainer]
    : losslessCodecs.test(codec)
      ? (["wav", "mp3"] as const)
      : own
        ? ([own, "mp3", "wav"] as const)
        : (["mp3", "wav"] as const);
  for (const to of order) {
    if (!allowed.includes(to)) continue;
    for (const encode of encodings(planning, to, length))
      if (bytesOf(encode, planning, length) <= maxBytes * attempt.bytes) return { to, encode };
  }
  throw new CannotFix(allowed.length ? "too-small" : "no-format");
}

function exactDepth(codec: string | undefined): 16 | 24 | null {
  return codec === "pcm_s16le" || codec === "pcm_u8" ? 16 : codec === "pcm_s24le" ? 24 : null;
}

/** Writes the samples of a PCM track unchanged. */
function samePcm(bitDepth: 16 | 24): AudioEncoding {
  return { codec: "pcm", sampleRate: null, channels: null, bitRate: null, bitDepth, end: null };
}

/** Ways to write a format, the best first. */
function encodings({ source, limits }: Planning, to: AudioContainer, length: Length): AudioEncoding[] {
  const { facts } = source.evidence;
  const codec = to === "wav" ? "pcm" : "mp3";
  if (!limits.allows("audioCodec", codec)) return [];
  const rate = facts.sampleRate ?? 48_000;
  const channels = facts.channels ?? 2;
  const at = (wanted: number, bitRate: number | null, bitDepth: 16 | 24): AudioEncoding => {
    const chosen = audioShape(limits, codec, wanted, channels);
    return {
      codec,
      sampleRate: chosen.sampleRate === rate ? null : chosen.sampleRate,
      channels: chosen.channels === channels ? null : chosen.channels,
      bitRate,
      bitDepth,
      end: length.audioEnd,
    };
  };
  if (to === "mp3") {
    const rates = channels === 1 ? [160, 128, 96, 64, 48, 32] : [256, 192, 160, 128, 96, 64];
    return rates.map((kbit) => at(rate, kbit * 1000, 16));
  }
  const highBitDepth =
    (source.details?.audios[0]?.bitDepth ?? 16) > 16 && losslessCodecs.test(facts.audioCodec ?? "");
  // First a lower sample rate, which nobody hears, then fewer bits.
  const rates = [rate, 96_000, 48_000].filter(
    (one, i) => i === 0 || (one < rate && rate % one === 0) || (one === 48_000 && one < rate),
  );
  return [
    ...(highBitDepth ? rates.map((one) => at(one, null, 24)) : []),
    ...rates.map((one) => at(one, null, 16)),
  ];
}

/** Bytes of the output, headers included. */
function bytesOf(encode: AudioEncoding, { source }: Planning, length: Length): number {
  const rate = encode.sampleRate ?? source.evidence.facts.sampleRate ?? 48_000;
  const channels = encode.channels ?? source.evidence.facts.channels ?? 2;
  const bits = encode.bitRate ?? rate * channels * encode.bitDepth;
  const cover = source.details?.videos.some((track) => track.cover) ? Math.min(source.bytes, 2 ** 20) : 0;
  return Math.ceil((bits / 8) * (length.expected + 0.1)) + 8192 + (encode.codec === "mp3" ? cover : 0);
}

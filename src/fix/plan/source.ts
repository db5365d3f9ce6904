import type { Size } from "../../engines/job.ts";
import type { MediaDetails, VideoTrackDetails } from "../../engines/media-details.ts";
import { deriveFacts } from "../../facts/derive-facts.ts";
import { type Evidence, newEvidence, type Reading } from "../../facts/evidence.ts";
import { type Format, formats, type Kind } from "../../facts/formats.ts";
import type { Finding, Report } from "../../report/report.ts";
import { CannotFix } from "./cannot-error.ts";
import { rateOf } from "./frame-rate.ts";

/** What planning knows of the file: facts and readings of the report, or an engine's if the headers were not read. */
export interface Source {
  format: Format;
  kind: Kind;
  bytes: number;
  /** Upright, with square pixels; null for audio. */
  shown: Size | null;
  pixelAspectRatio: number;
  rotation: number;
  /** Seconds of the track that is kept: the video track, or the audio. */
  main: number | null;
  /** Seconds of the longest track. A duration that only a header states does not count: rewriting corrects it. */
  longest: number | null;
  frameRate: number | null;
  /** The main video track, not cover art. */
  video: VideoTrackDetails | null;
  details: MediaDetails | null;
  evidence: Evidence;
}

/** @throws CannotFix if the report does not say enough for a plan */
export function sourceOf(report: Report, details: MediaDetails | null): Source {
  const { facts } = report;
  const format = facts.format as Format | null;
  if (format === null || !Object.hasOwn(formats, format)) throw new CannotFix("not-media");
  const row = formats[format];
  if (row.kind === null) throw new CannotFix("not-media");
  const evidence = newEvidence(facts.bytes);
  Object.assign(evidence, { format, label: row.label, mime: row.mime });
  evidence.facts = { ...facts };
  const video = details?.videos.find((track) => !track.cover) ?? null;
  // A video container with audio only is an audio file.
  evidence.kind = row.kind === "video" && details && !video && details.audios.length ? "audio" : row.kind;
  const read = facts.width !== null || facts.duration !== null;
  if (read) addReadings(evidence, report);
  else if (details) addDetails(evidence, details, video);
  deriveFacts(evidence);
  const size = evidence.sizes[0];
  const durations = evidence.durations.map((reading) => reading.value);
  const shown = evidence.durations.find((reading) => reading.from === "video-track")?.value;
  return {
    format,
    kind: evidence.kind,
    bytes: facts.bytes ?? 0,
    shown: size ? { width: size.width, height: size.height } : null,
    pixelAspectRatio: evidence.facts.pixelAspectRatio ?? video?.pixelAspectRatio ?? 1,
    rotation: evidence.facts.rotation ?? video?.rotation ?? 0,
    main: shown ?? durations[0] ?? null,
    longest: longestTrack(evidence, details, shown ?? durations[0] ?? null),
    frameRate: intendedFrameRate(evidence),
    video,
    details,
    evidence,
  };
}

function longestTrack(
  { durations, kind }: Evidence,
  details: MediaDetails | null,
  main: number | null,
): number | null {
  if (main === null) return null;
  const tracks = durations.filter(({ from }) => from === "audio-track" || from === "video-track");
  const audible = kind === "video" ? (details?.audios ?? []).map((track) => track.duration ?? 0) : [];
  // The frames of an MP3 are counted in two ways.
  const audioCounts = kind === "audio" ? durations.filter(({ from }) => from === "less-padding") : [];
  return Math.max(main, ...[...tracks, ...audioCounts].map(({ value }) => value), ...audible);
}

/** The intended rate: the nominal one if it differs only a little from the average; 24000/1001 is not 24. */
function intendedFrameRate(evidence: Evidence): number | null {
  const [average] = evidence.frameRates.map((reading) => reading.value);
  const nominal = evidence.frameRates.find((reading) => reading.from === "nominal")?.value;
  if (average === undefined) return null;
  if (nominal === undefined || Math.abs(nominal / average - 1) >= 0.015) return average;
  return Math.abs((nominal * 1000) / 1001 / average - 1) < 1e-6 ? average : nominal;
}

/** Adds the facts and the readings that findings list. */
function addReadings(evidence: Evidence, report: Report): void {
  const { facts, findings } = report;
  const of = (rule: string): Reading<number>[] =>
    (findings.find((f) => f.rule.endsWith(`/${rule}`))?.readings ?? []).filter(
      (reading): reading is Reading<number> => typeof reading.value === "number",
    );
  if (facts.width !== null && facts.height !== null)
    evidence.sizes.push(
      { width: facts.width, height: facts.height, from: "display", ...exactAspect(facts) },
      ...otherSizes(findings, facts),
    );
  const merge = (first: number | null, rule: string, to: Reading<number>[]): void => {
    const listed = of(rule);
    if (listed.length === 0 && first !== null) to.push({ value: first, from: "file" });
    to.push(...listed);
  };
  merge(facts.duration, "duration", evidence.durations);
  merge(facts.frameRate, "frame-rate", evidence.frameRates);
}

function exactAspect(facts: Report["facts"]): { aspect?: number } {
  const { aspectRatio, width, height } = facts;
  if (aspectRatio === null || width === null || height === null) return {};
  return Math.abs(aspectRatio - width / height) > 1e-3 ? { aspect: aspectRatio } : {};
}

/** Sizes by another reading: coded pixels that are not square, or what a finding lists. */
function otherSizes(findings: readonly Finding[], facts: Report["facts"]): Evidence["sizes"] {
  const { codedWidth, codedHeight, rotation, width, height } = facts;
  const out: Evidence["sizes"] = [];
  if (codedWidth !== null && codedHeight !== null) {
    const swapped = (rotation ?? 0) % 180 !== 0;
    const size = swapped
      ? { width: codedHeight, height: codedWidth }
      : { width: codedWidth, height: codedHeight };
    if (size.width !== width || size.height !== height) out.push({ ...size, from: "coded" });
  }
  const listed = (rule: string): readonly Reading[] =>
    findings.find((f) => f.rule.endsWith(`/${rule}`))?.readings ?? [];
  const [across, down] = [listed("width"), listed("height")];
  across.forEach(({ value, from }, i) => {
    const other = down[i]?.value;
    if (typeof value === "number" && typeof other === "number" && from !== "display" && from !== "coded")
      out.push({ width: value, height: other, from });
  });
  return out;
}

/** Adds what an engine has read, if our parsers have read nothing. */
function addDetails(evidence: Evidence, details: MediaDetails, video: VideoTrackDetails | null): void {
  const { facts } = evidence;
  if (evidence.kind !== "audio" && video && video.width > 0 && video.height > 0) {
    const swapped = video.rotation % 180 !== 0;
    const width = Math.max(Math.round(video.width * video.pixelAspectRatio), 1);
    const [w, h] = swapped ? [video.height, width] : [width, video.height];
    evidence.sizes.push({ width: w, height: h, from: "display" });
    if (width !== video.width)
      evidence.sizes.push({
        width: swapped ? video.height : video.width,
        height: swapped ? video.width : video.height,
        from: "coded",
      });
    facts.pixelAspectRatio = video.pixelAspectRatio;
    facts.rotation = video.rotation;
    facts.videoCodec = video.codec;
    const rate = video.frameRate ?? video.nominalFrameRate;
    if (rate) evidence.frameRates.push({ value: rateOf(rate), from: "average" });
  }
  const [audio] = details.audios;
  if (audio) {
    facts.audioCodec = audio.codec.startsWith("pcm_") ? "pcm" : audio.codec;
    facts.sampleRate = audio.sampleRate;
    facts.channels = audio.channels;
  }
  const track = evidence.kind === "audio" ? audio?.duration : video?.duration;
  const container = details.duration;
  if (track && evidence.kind === "video") evidence.durations.push({ value: track, from: "video-track" });
  else if (track) evidence.durations.push({ value: track, from: "audio-track" });
  if (container && container !== track) evidence.durations.push({ value: container, from: "container" });
}

import { deriveFacts } from "../../src/facts/derive-facts.ts";
import { type Damage, type Evidence, newEvidence, type Unread } from "../../src/facts/evidence.ts";
import { type Format, formats } from "../../src/facts/formats.ts";

export interface Made {
  bytes?: number | null;
  /** Display size first, then other readings. */
  sizes?: [number, number][];
  durations?: number[];
  rates?: number[];
  videoCodec?: string | null;
  audioCodec?: string | null;
  damage?: Partial<Damage>[];
  unread?: (Unread["fact"] | Unread)[];
}

/** Evidence of an intact 1280×720 clip of 10 s at 30 fps, or of a 640×480 picture, except for the values in `made`. */
export function evidenceOf(format: Format | null, made: Made = {}): Evidence {
  const evidence = newEvidence(made.bytes === undefined ? 100_000 : made.bytes);
  evidence.format = format;
  const row = format ? formats[format] : null;
  evidence.kind = row?.kind ?? null;
  evidence.label = row?.label ?? null;
  evidence.mime = row?.mime ?? null;
  const { kind } = evidence;
  const sizes = made.sizes ?? (kind === "image" ? [[640, 480]] : kind === "video" ? [[1280, 720]] : []);
  const durations = made.durations ?? (kind === "video" || kind === "audio" ? [10] : []);
  const rates = made.rates ?? (kind === "video" ? [30] : []);
  evidence.sizes = sizes.map(([width = 0, height = 0], i) => ({
    width,
    height,
    from: i ? "coded" : "display",
  }));
  evidence.durations = durations.map((value, i) => ({ value, from: i ? "audio-track" : "video-track" }));
  evidence.frameRates = rates.map((value, i) => ({ value, from: i ? "nominal" : "average" }));
  evidence.facts.videoCodec =
    made.videoCodec === undefined ? (kind === "video" ? "h264" : null) : made.videoCodec;
  evidence.facts.audioCodec = made.audioCodec ?? null;
  evidence.damage = (made.damage ?? []).map((d) => ({
    code: "cut-short",
    part: "mdat",
    at: 40,
    missing: 10,
    certain: true,
    ...d,
  }));
  evidence.unread = (made.unread ?? []).map((u) =>
    typeof u === "string" ? { fact: u, why: { code: "budget", which: "entries" } } : u,
  );
  deriveFacts(evidence);
  return evidence;
}

import type { Evidence, Reading, SizeReading } from "../evidence.ts";
import { emptyAtFirst, presented } from "./edit-list.ts";
import type { Movie } from "./movie.ts";
import type { Track } from "./track.ts";

/** Turns what the boxes say into evidence. `video` and `audio` are the tracks that a player shows. */
export function present(evidence: Evidence, movie: Movie, video: Track | null, audio: Track | null): void {
  const { facts } = evidence;
  if (video) {
    picture(evidence, movie, video);
    rate(evidence, video);
    facts.videoCodec = video.entry?.codec ?? null;
    facts.frames = video.timing.samples || null;
  }
  if (audio) {
    facts.audioCodec = audio.entry?.codec ?? null;
    facts.sampleRate = audio.entry?.sampleRate ?? null;
    facts.channels = audio.entry?.channels ?? null;
  }
  for (const track of [video, audio])
    if (track?.entry && !track.entry.known) evidence.odd.add("unknown-codec");
  durations(evidence, movie, video, audio);
}

function durations(evidence: Evidence, movie: Movie, video: Track | null, audio: Track | null): void {
  const readings: Reading<number>[] = [];
  const add = (value: number | null, from: Reading["from"]): void => {
    // A millisecond is what most files round to: less is no disagreement.
    if (
      value &&
      value > 0 &&
      Number.isFinite(value) &&
      !readings.some((r) => Math.abs(r.value - value) < 0.0015)
    )
      readings.push({ value, from });
  };
  const seconds = (track: Track | null): number | null => {
    if (!track?.timescale || !track.timing.samples) return null;
    const scales = { media: track.timescale, movie: movie.timescale || 1 };
    return presented(track.edits, track.timing, scales, movie.fragments !== null);
  };
  const [shown, heard] = [seconds(video), seconds(audio)];
  add(shown, "video-track");
  // Sound that ends before the pictures do makes no clip shorter.
  if (!shown || (heard ?? 0) > shown) add(heard, "audio-track");
  readings.sort((a, b) => b.value - a.value);
  const longest = readings[0]?.value;
  // Written before its fragments, a header may know of the first of them only.
  if (!movie.fragments || !longest || (movie.stated ?? 0) > longest) add(movie.stated, "container");
  // In fragmented files most players, and the tools that go by them, leave edits aside.
  const main = video ?? audio;
  const whole = movie.fragments && main?.timescale ? main.timing.span / main.timescale : 0;
  if (longest && whole > longest + 0.1) add(whole, "sample-table");
  if (longest && movie.stated) {
    if (Math.abs(movie.stated - longest) > 0.5) evidence.odd.add("contradiction");
    // Where nothing at all is shown at first, and the header leaves that out, so does every other tool.
    const wait = Math.min(...[video, audio].flatMap((track) => (track ? emptyAtFirst(track) : [])));
    if (wait > 0 && Math.abs(movie.stated + wait / movie.timescale - longest) < 0.03)
      readings.sort((a, b) => a.value - b.value);
  }
  evidence.durations.push(...readings);
}

/** Frames a second: 24000/1001 and its kin by the whole number that they are called by. */
function nominal(rate: number): number | null {
  const whole = Math.round((rate * 1001) / 1000);
  return whole > 0 && Math.abs(rate / ((whole * 1000) / 1001) - 1) < 0.0002 ? whole : null;
}

function rate(evidence: Evidence, video: Track): void {
  const { samples, ticks } = video.timing;
  const pace = video.timing.pace();
  if (!pace || !(ticks > 0) || !video.timescale) return;
  const average = (samples * video.timescale) / ticks;
  evidence.frameRates.push({ value: average, from: "average" });
  evidence.facts.frameRateMode = pace.constant ? "constant" : "variable";
  const add = (value: number | null): void => {
    if (
      value &&
      value > 0 &&
      Number.isFinite(value) &&
      evidence.frameRates.every((r) => Math.abs(r.value - value) > 1e-6)
    )
      evidence.frameRates.push({ value, from: "nominal" });
  };
  const rounded = pace.constant && !pace.exact;
  const steady = rounded ? average : video.timescale / pace.delta;
  add(steady);
  add(nominal(steady));
  // A sum of durations that were each rounded to a tick is off by a tick at most.
  for (const slower of [1, 1.001]) {
    const near = Math.round(average * slower);
    if (rounded && near && Math.abs((samples * video.timescale * slower) / near - ticks) <= 1.001) add(near);
  }
}

/** Degrees clockwise, by the quarter: atan2(b, a) of the matrix, ISO/IEC 14496-12 §6.2.2. */
function turn([a, b]: Track["matrix"]): number {
  const quarters = Math.round((Math.atan2(b, a) * 2) / Math.PI);
  return ((quarters + 4) % 4) * 90;
}

function product(m: Track["matrix"], n: Track["matrix"]): Track["matrix"] {
  const [a, b, c, d] = m;
  const [e, f, g, h] = n;
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h].map(
    (x) => x / 65536,
  ) as unknown as Track["matrix"];
}

function picture(evidence: Evidence, movie: Movie, video: Track): void {
  const { facts, sizes } = evidence;
  const { entry } = video;
  const stream = entry?.bitstream ?? null;
  if (!entry) return;
  let { width, height } = entry;
  // The entry may crop what the parameter set pads to whole macroblocks; else the stream is what is decoded.
  const pads = (stated: number, coded: number): boolean => stated <= coded && coded - stated < 16;
  if (stream && !(pads(width, stream.width) && pads(height, stream.height))) ({ width, height } = stream);
  if (!width || !height) return;
  const matrix = product(video.matrix, movie.matrix);
  const rotation = turn(matrix);
  const aspect = entry.aspect ?? fromHeader(video, matrix, width, height) ?? stream?.aspect ?? 1;
  facts.codedWidth = width;
  facts.codedHeight = height;
  facts.rotation = rotation;
  facts.pixelAspectRatio = aspect;
  const add = (w: number, h: number, from: SizeReading["from"], exact?: number): void => {
    const swap = rotation % 180 !== 0;
    const reading: SizeReading = swap ? { width: h, height: w, from } : { width: w, height: h, from };
    if (sizes.some((s) => s.width === reading.width && s.height === reading.height)) return;
    if (exact) reading.aspect = swap ? 1 / exact : exact;
    sizes.push(reading);
  };
  add(
    Math.max(1, Math.round(width * aspect)),
    height,
    "display",
    aspect === 1 ? undefined : (width * aspect) / height,
  );
  add(width, height, "coded");
  const claims = [
    [entry.width, entry.height, "sample-entry"],
    [Math.round(video.width), Math.round(video.height), "track-header"],
  ] as const;
  for (const [w, h, from] of claims) {
    if (!w || !h) continue;
    const near = sizes.some((s) => Math.abs(s.width - w) < 16 && Math.abs(s.height - h) < 16);
    const turned = sizes.some((s) => Math.abs(s.width - h) < 16 && Math.abs(s.height - w) < 16);
    if (near || turned) continue;
    add(w, h, from);
    evidence.odd.add("contradiction");
  }
}

/**
 * The pixel aspect that a track header implies, where its matrix stretches one way, or it states another shape than
 * the coded one. ffprobe and MediaInfo read it so where no pasp box says otherwise.
 */
function fromHeader(
  video: Track,
  [a, b, c, d]: Track["matrix"],
  width: number,
  height: number,
): number | null {
  if (!video.width || !video.height) return null;
  const stretch = Math.hypot(a, c) / Math.hypot(b, d);
  if (Number.isFinite(stretch) && Math.abs(stretch - 1) > 0.01) return stretch || null;
  const aspect = (video.width * height) / (video.height * width);
  return Math.round(width * aspect) === width ? null : aspect;
}

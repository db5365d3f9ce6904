import type { Conversion, Input, Output, OutputFormat, StreamTarget } from "mediabunny";
import { MediaPreflightError } from "../../errors.ts";
import { formats } from "../../facts/formats.ts";
import type { BlobEngine, WrittenBlob } from "../blob-engine.ts";
import { BlobWriter } from "../blob-writer.ts";
import { withBrowserErrors } from "../browser-errors.ts";
import type { RunOptions } from "../engine.ts";
import type { AudioJob, VideoJob } from "../job.ts";
import { conversionSettings } from "./conversion.ts";
import { ensureAudioEncoder, loadMediabunny, type Mediabunny } from "./library.ts";
import { probeInput } from "./probe.ts";

/** Bytes of the input that are kept in memory. */
const cacheBytes = 16 * 2 ** 20;

/**
 * Converts video and audio by the browser's own decoders and encoders (WebCodecs). Meant for a Worker: terminating it
 * stops a conversion. `no-engine` from `run` means that a codec cannot be encoded.
 */
export const mediabunnyEngine: BlobEngine = {
  async probe(blob, format) {
    const library = await loadMediabunny();
    return withBrowserErrors("the browser could not convert it", () =>
      withInput(library, blob, (input) => probeInput(input, blob, format)),
    );
  },
  async run(job, blob, options = {}) {
    if (job.kind === "image")
      throw new MediaPreflightError("engine-failed", "mediabunny reads no still images");
    const library = await loadMediabunny();
    await requireEncoders(library, job);
    return withBrowserErrors("the browser could not convert it", () =>
      withInput(library, blob, (input) => convert(library, job, input, options)),
    );
  },
};

async function withInput<T>(
  { ALL_FORMATS, BlobSource, Input: create }: Mediabunny,
  blob: Blob,
  act: (input: Input) => Promise<T>,
): Promise<T> {
  const input = new create({
    formats: ALL_FORMATS,
    source: new BlobSource(blob, { maxCacheSize: cacheBytes }),
  });
  try {
    return await act(input);
  } finally {
    input.dispose();
  }
}

/** @throws MediaPreflightError `no-engine` with the name of what is missing */
async function requireEncoders(library: Mediabunny, job: VideoJob | AudioJob): Promise<void> {
  const tracks = job.kind === "audio" ? [job.audio] : job.audio;
  for (const { encode } of tracks) {
    if (!encode || encode.codec === "pcm" || (await ensureAudioEncoder(library, encode.codec))) continue;
    const hint = `npm install @mediabunny/${encode.codec}-encoder`;
    throw new MediaPreflightError("no-engine", `this browser does not encode ${encode.codec.toUpperCase()}`, {
      hint,
    });
  }
}

async function convert(
  library: Mediabunny,
  job: VideoJob | AudioJob,
  input: Input,
  { onProgress }: RunOptions,
): Promise<WrittenBlob> {
  const written = new BlobWriter();
  const sink = new WritableStream<{ data: Uint8Array<ArrayBuffer>; position: number }>({
    write({ data, position }) {
      if (position + data.byteLength > job.maxBytes)
        throw new MediaPreflightError("engine-failed", `the copy grows beyond ${job.maxBytes} bytes`);
      written.write(data, position);
    },
  });
  const output: Output<OutputFormat, StreamTarget> = new library.Output({
    format: outputFormat(library, job.to),
    target: new library.StreamTarget(sink, { chunked: true, chunkSize: 2 ** 20 }),
  });
  const conversion = await library.Conversion.init({
    ...conversionSettings(library, job),
    input,
    output,
  });
  refuseDiscarded(conversion, job);
  conversion.onProgress = (done) => onProgress?.(Math.min(done, 1));
  await conversion.execute();
  onProgress?.(1);
  return { format: job.to, quality: null, output: written.finish(formats[job.to].mime) };
}

function outputFormat(
  { Mp4OutputFormat, MovOutputFormat, WavOutputFormat, Mp3OutputFormat }: Mediabunny,
  to: VideoJob["to"] | AudioJob["to"],
): OutputFormat {
  switch (to) {
    case "mp4":
      return new Mp4OutputFormat({ fastStart: false });
    case "mov":
      return new MovOutputFormat({ fastStart: false });
    case "wav":
      return new WavOutputFormat();
    case "mp3":
      return new Mp3OutputFormat();
  }
}

/** mediabunny 1.61 calls a conversion that drops a track "valid" and writes a file without it: this refuses it. */
function refuseDiscarded(conversion: Conversion, job: VideoJob | AudioJob): void {
  const discarded = conversion.discardedTracks.filter(({ reason }) => reason !== "discarded_by_user");
  const [first] = discarded;
  const wanted = job.kind === "audio" ? 1 : 1 + job.audio.length;
  if (!first && conversion.isValid && conversion.utilizedTracks.length === wanted) return;
  const codec = first?.track.codec ?? "an unknown codec";
  if (first?.reason === "no_encodable_target_codec")
    throw new MediaPreflightError(
      "no-engine",
      `this browser does not encode ${targetCodecLabel(first.track.type, job)}`,
    );
  const why: Readonly<Record<string, string>> = {
    unknown_source_codec: "it has a track of an unknown codec",
    undecodable_source_codec: `this browser does not decode ${codecLabel(codec)}`,
    cannot_copy: `a ${first?.track.type ?? ""} track cannot be copied as it is`,
  };
  throw new MediaPreflightError("engine-failed", why[first?.reason ?? ""] ?? "a track would be lost");
}

function targetCodecLabel(type: string, job: VideoJob | AudioJob): string {
  if (type === "video" && job.kind === "video") return codecLabel(job.video.encode?.codec ?? job.video.codec);
  const [audio] = job.kind === "audio" ? [job.audio] : job.audio;
  return codecLabel(audio?.encode?.codec ?? "audio");
}

const codecLabel = (codec: string): string =>
  ({ avc: "H.264", h264: "H.264", hevc: "HEVC" })[codec] ?? codec.toUpperCase();

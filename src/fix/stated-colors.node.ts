import { join } from "node:path";
import type { Engine, RunOptions } from "../engines/engine.ts";
import type { Engines } from "../engines/engines.node.ts";
import type { Size } from "../engines/job.ts";
import type { MediaDetails } from "../engines/media-details.ts";
import type { Format } from "../facts/formats.ts";
import type { StatedColors } from "./metadata/embedded-data.ts";
import type { EngineTraits } from "./plan/types.ts";

interface Opened {
  engine: Engine<string>;
  path: string;
  format: Format;
  details: MediaDetails;
  traits: EngineTraits;
}

const transferKinds = { smpte2084: "pq", "arib-std-b67": "hlg" } as const;

/**
 * A HEIC or AVIF whose colors are stated by number, opened by what converts them: ffmpeg, from samples that are decoded
 * unchanged. It drops transparency on the way, so that such a picture is not converted.
 */
export async function withStatedColors<File extends Opened>(
  opened: File,
  { primaries, transfer }: StatedColors,
  { ffmpeg }: Engines,
  work: string,
  options: RunOptions,
): Promise<File> {
  const videos = opened.details.videos.map((video) => ({
    ...video,
    transfer: transferKinds[transfer as keyof typeof transferKinds] ?? "sdr",
    color: { ...video.color, primaries, transfer },
  }));
  const details = { ...opened.details, videos };
  const [picture] = videos;
  if (!ffmpeg || !picture || videos.some(({ alpha }) => alpha))
    return { ...opened, details, traits: { ...opened.traits, toneMapping: false } };
  const { toneMapping } = await ffmpeg.capabilities();
  const traits = { ...opened.traits, toneMapping, keepsMetadata: false };
  if (opened.engine.name !== "sharp") return { ...opened, details, traits };
  if (opened.format === "png") return { ...opened, engine: ffmpeg, details, traits };
  const path = join(work, "decoded.png");
  await opened.engine.run(pngJob(opened.format, picture), opened.path, path, options);
  return { ...opened, engine: ffmpeg, path, format: "png", details, traits };
}

function pngJob(from: Format, { width, height }: Size): Parameters<Engine<string>["run"]>[0] {
  const shown = { width, height };
  return {
    kind: "image",
    ...{ from, shown, animated: false, bitDepth: 16, orientation: 1, decoders: [], toSrgb: null },
    picture: { crop: null, scale: shown, pad: null, background: null },
    encodings: [{ format: "png", quality: null }],
    maxBytes: Number.MAX_SAFE_INTEGER,
  };
}

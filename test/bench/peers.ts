import { open } from "node:fs/promises";
import { fileTypeFromFile } from "file-type";
import { imageSizeFromFile } from "image-size/fromFile";
import { ALL_FORMATS, FilePathSource, Input } from "mediabunny";
import mediaInfoFactory from "mediainfo.js";
import { parseFile } from "music-metadata";
import type { Asked } from "./files.ts";
import { has, output } from "./tools.ts";

/** Another tool that reads the same facts. Unreported facts are null; the result is null for kinds it does not support. */
export interface Peer {
  name: string;
  /** In this process, or one started for it. */
  kind: "library" | "process";
  /** Only detects the format: its facts are not compared. */
  namesOnly?: boolean;
  takes: RegExp;
  ask(path: string): Promise<Asked | null>;
}

const picture = (width?: number | null, height?: number | null): Asked => ({
  width: width ?? null,
  height: height ?? null,
  duration: null,
  frameRate: null,
});
const number = (value: unknown): number | null => {
  const n =
    typeof value === "string" || typeof value === "number" ? Number.parseFloat(`${value}`) : Number.NaN;
  return Number.isFinite(n) ? n : null;
};
const fraction = (text: unknown): number | null => {
  const [over = 0, under = 0] = `${text ?? ""}`.split("/").map(Number);
  return under ? over / under : null;
};

interface MediaInfoTrack {
  "@type": string;
  Width?: string | number;
  Height?: string | number;
  Duration?: string | number;
  FrameRate?: string | number;
}
function fromTracks(tracks: readonly MediaInfoTrack[]): Asked {
  const seen = tracks.find((t) => t["@type"] === "Video" || t["@type"] === "Image");
  const general = tracks.find((t) => t["@type"] === "General");
  return {
    width: number(seen?.Width),
    height: number(seen?.Height),
    duration: number(general?.Duration),
    frameRate: number(seen?.FrameRate),
  };
}

async function mediabunny(path: string): Promise<Asked> {
  const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
  try {
    const video = await input.getPrimaryVideoTrack();
    const statistics = video ? await video.computePacketStats() : null;
    return {
      width: video?.displayWidth ?? null,
      height: video?.displayHeight ?? null,
      duration: await input.computeDuration(),
      frameRate: statistics?.averagePacketRate ?? null,
    };
  } finally {
    input.dispose();
  }
}

/** Every installed peer, and the names of missing commands. */
export async function peers(): Promise<{ there: Peer[]; missing: string[] }> {
  const mediainfo = await mediaInfoFactory({ format: "object" });
  const libraries: Peer[] = [
    {
      name: "mediainfo.js",
      kind: "library",
      takes: /./,
      async ask(path) {
        const file = await open(path);
        try {
          const { size } = await file.stat();
          const result = await mediainfo.analyzeData(size, async (length, offset) => {
            const bytes = new Uint8Array(length);
            const { bytesRead } = await file.read(bytes, 0, length, offset);
            return bytes.subarray(0, bytesRead);
          });
          return fromTracks((result.media?.track ?? []) as readonly MediaInfoTrack[]);
        } finally {
          await file.close();
        }
      },
    },
    { name: "mediabunny", kind: "library", takes: /\.(mp4|wav|mp3)$/, ask: mediabunny },
    {
      name: "image-size",
      kind: "library",
      takes: /\.(jpg|png|webp|tif|heic)$/,
      async ask(path) {
        const { width, height } = await imageSizeFromFile(path);
        return picture(width, height);
      },
    },
    {
      name: "music-metadata",
      kind: "library",
      takes: /\.(wav|mp3)$/,
      async ask(path) {
        const { format } = await parseFile(path, { duration: true });
        return { ...picture(), duration: format.duration ?? null };
      },
    },
    {
      name: "file-type",
      kind: "library",
      namesOnly: true,
      takes: /./,
      async ask(path) {
        return (await fileTypeFromFile(path)) ? picture() : null;
      },
    },
  ];
  const processes: Peer[] = [
    {
      name: "ffprobe",
      kind: "process",
      takes: /./,
      async ask(path) {
        const flags = ["-v", "error", "-show_format", "-show_streams", "-of", "json", path];
        const { streams, format } = JSON.parse(output("ffprobe", flags));
        const seen = streams.find((s: { codec_type: string }) => s.codec_type === "video");
        const moves = Number(format.duration) > 0.2;
        return {
          ...picture(seen?.width, seen?.height),
          duration: moves ? number(format.duration) : null,
          frameRate: moves ? fraction(seen?.avg_frame_rate) : null,
        };
      },
    },
    {
      name: "mediainfo",
      kind: "process",
      takes: /./,
      async ask(path) {
        return fromTracks(JSON.parse(output("mediainfo", ["--Output=JSON", path])).media.track);
      },
    },
    {
      name: "exiftool",
      kind: "process",
      takes: /./,
      async ask(path) {
        const [said] = JSON.parse(output("exiftool", ["-fast", "-json", "-n", path]));
        return {
          ...picture(number(said.ImageWidth), number(said.ImageHeight)),
          duration: number(said.Duration),
          frameRate: number(said.VideoFrameRate),
        };
      },
    },
  ];
  const there = [...libraries, ...processes.filter(({ name }) => has(name))];
  return { there, missing: processes.map(({ name }) => name).filter((name) => !has(name)) };
}

/** Facts that a tool reports wrongly or not at all, so that it did less work. */
export function wrong(said: Asked | null, truth: Asked, within: number): string[] {
  const near = (a: number | null | undefined, b: number | null, by: number): boolean =>
    b === null || (a !== null && a !== undefined && Math.abs(a - b) <= by);
  return [
    near(said?.width, truth.width, 0) ? "" : "width",
    near(said?.height, truth.height, 0) ? "" : "height",
    near(said?.duration, truth.duration, Math.max(within, 0.001)) ? "" : "duration",
    near(said?.frameRate, truth.frameRate, 0.01) ? "" : "frameRate",
  ].filter((name) => name !== "");
}

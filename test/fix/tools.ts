import { execFileSync, spawnSync } from "node:child_process";

/** Whether a program is on PATH: tests that need one name themselves as skipped where it is not. */
export const has = (program: string): boolean =>
  spawnSync(program, ["-version"], { stdio: "ignore" }).error === undefined;

export const ffmpegInstalled: boolean = has("ffmpeg") && has("ffprobe");

/** Runs ffmpeg to make a test file. */
export function ffmpeg(...args: string[]): void {
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** The corners' colours, so that a turned, mirrored or cut picture shows. */
const corners = ["red", "lime", "blue", "yellow"] as const;

/** A lavfi source of a picture with a coloured square in each corner and something that moves. */
export function cornered(
  width: number,
  height: number,
  options: { rate?: number; seconds?: number } = {},
): string {
  const { rate = 30, seconds = 3 } = options;
  const side = Math.round(Math.min(width, height) / 4);
  const boxes = corners.map((color, i) => {
    const x = i % 2 ? width - side : 0;
    const y = i > 1 ? height - side : 0;
    return `drawbox=x=${x}:y=${y}:w=${side}:h=${side}:c=${color}:t=fill`;
  });
  return `testsrc2=s=${width}x${height}:r=${rate}:d=${seconds},${boxes.join(",")}`;
}

export interface Stream {
  codec_type: string;
  codec_name: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  pix_fmt?: string;
  r_frame_rate?: string;
  color_transfer?: string;
  channels?: number;
  sample_rate?: string;
  duration?: string;
  nb_read_packets?: string;
  side_data_list?: { rotation?: number }[];
}

/** What ffprobe says of a file. */
export function ffprobe(path: string): { streams: Stream[]; duration: number } {
  const out = execFileSync("ffprobe", [
    "-v",
    "error",
    "-show_streams",
    "-show_format",
    "-of",
    "json",
    `file:${path}`,
  ]);
  const { streams, format } = JSON.parse(String(out)) as { streams: Stream[]; format: { duration?: string } };
  return { streams, duration: Number(format.duration ?? 0) };
}

type Color = readonly [number, number, number];

/** The colours of the four corners of a decoded frame, as sRGB. `frame` is the part of the sides that is border. */
export function cornerColors(
  path: string,
  at = 0,
  frame: { x: number; y: number } = { x: 0, y: 0 },
): Color[] {
  const places = [
    [0.06, 0.06],
    [0.94, 0.06],
    [0.06, 0.94],
    [0.94, 0.94],
  ] as const;
  const size = 100;
  const raw = execFileSync(
    "ffmpeg",
    [
      ...[
        "-nostdin",
        "-v",
        "error",
        ...(at > 0 ? ["-ss", String(at)] : []),
        "-i",
        `file:${path}`,
        "-frames:v",
        "1",
      ],
      ...["-vf", `scale=${size}:${size}:flags=area,format=rgb24`, "-f", "rawvideo", "-"],
    ],
    { maxBuffer: 1 << 20 },
  );
  if (raw.length !== size * size * 3) throw new Error(`no picture was decoded from ${path}`);
  return places.map(([x, y]) => {
    const px = Math.round((frame.x + x * (1 - 2 * frame.x)) * (size - 1));
    const py = Math.round((frame.y + y * (1 - 2 * frame.y)) * (size - 1));
    const i = (py * size + px) * 3;
    return [raw[i] ?? 0, raw[i + 1] ?? 0, raw[i + 2] ?? 0];
  });
}

/** The largest difference of any channel of any corner. */
export function worstDifference(a: readonly Color[], b: readonly Color[]): number {
  return Math.max(...a.flatMap((color, i) => color.map((value, c) => Math.abs(value - (b[i]?.[c] ?? 0)))));
}

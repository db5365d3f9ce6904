import { execFileSync } from "node:child_process";
import type { FixOptions } from "../../../src/fix/options.ts";
import { cornered, ffmpeg } from "../tools.ts";

/** A file that fails, made by ffmpeg, and what its fixed copy keeps. */
export interface FailingFile {
  name: string;
  make(path: string): void;
  options?: FixOptions;
  /** Seconds of the copy where it is shorter than the original. */
  seconds?: number;
  audioTracks: number;
  /** Width over height as shown; null: not a picture. */
  ratio: number | null;
  /** Parts of the copy's sides that are borders. */
  borders?: { x: number; y: number };
  /** Colours differ by design (HDR to SDR). */
  colors?: false;
  /** All streams are copied. */
  lossless?: true;
}

const tone = (seconds: number, more = ""): string => `sine=f=440:r=48000:d=${seconds}${more}`;
const video = (w: number, h: number, o: { rate?: number; seconds?: number } = {}): string[] => [
  ...["-f", "lavfi", "-i", cornered(w, h, o)],
];
const audio = (seconds: number): string[] => ["-f", "lavfi", "-i", tone(seconds)];
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
const aac = ["-c:a", "aac", "-b:a", "128k"];
const clip =
  (w: number, h: number, o: { rate?: number; seconds?: number } = {}, more: string[] = []) =>
  (path: string): void =>
    ffmpeg(...video(w, h, o), ...audio(o.seconds ?? 3), ...h264, ...aac, ...more, path);

const wide = 16 / 9;

/** Every kind that a phone, a camera or an editor hands over. */
export const failingFiles: readonly FailingFile[] = [
  { name: "1080p.mp4", make: clip(1920, 1080), audioTracks: 1, ratio: wide },
  {
    name: "20s.mp4",
    make: clip(1280, 720, { seconds: 20 }),
    seconds: 14.9,
    audioTracks: 1,
    ratio: wide,
    lossless: true,
  },
  {
    name: "20s-from-4.mp4",
    make: clip(1280, 720, { seconds: 20 }),
    options: { trim: 4 },
    seconds: 14.9,
    audioTracks: 1,
    ratio: wide,
  },
  { name: "15fps.mp4", make: clip(1280, 720, { rate: 15 }), audioTracks: 1, ratio: wide },
  { name: "120fps.mp4", make: clip(1280, 720, { rate: 120 }), audioTracks: 1, ratio: wide },
  { name: "240p.mp4", make: clip(426, 240), audioTracks: 1, ratio: 426 / 240 },
  {
    name: "rotated.mov",
    make(path) {
      const flat = `${path}.flat.mov`;
      clip(1920, 1080)(flat);
      ffmpeg("-i", flat, "-c", "copy", "-metadata:s:v:0", "rotate=90", path);
    },
    audioTracks: 1,
    ratio: 1 / wide,
  },
  { name: "2-to-1-pixels.mp4", make: clip(960, 1080, {}, ["-vf", "setsar=2"]), audioTracks: 1, ratio: wide },
  { name: "ratio-4.mp4", make: clip(1600, 400), audioTracks: 1, ratio: 2.5, borders: { x: 0, y: 0.19 } },
  {
    name: "ratio-4-cropped.mp4",
    make: clip(1600, 400),
    options: { fit: "crop" },
    audioTracks: 1,
    ratio: 2.5,
    colors: false,
  },
  {
    name: "60-MB.mov",
    // Raw pictures: 1280 × 720 × 2 bytes, 30 times a second. QuickTime has no code for 4:2:0 ones.
    make: (path) =>
      ffmpeg(...video(1280, 720), ...audio(3), "-c:v", "rawvideo", "-pix_fmt", "uyvy422", ...aac, path),
    audioTracks: 1,
    ratio: wide,
  },
  {
    name: "vp9-opus.webm",
    make: (path) =>
      ffmpeg(
        ...video(640, 480),
        ...audio(3),
        "-c:v",
        "libvpx-vp9",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-b:v",
        "1M",
        "-c:a",
        "libopus",
        path,
      ),
    audioTracks: 1,
    ratio: 4 / 3,
  },
  { name: "h264.mkv", make: clip(1280, 720), audioTracks: 1, ratio: wide },
  {
    name: "mpeg4-mp3.avi",
    make: (path) =>
      ffmpeg(...video(720, 576), ...audio(3), "-c:v", "mpeg4", "-q:v", "2", "-c:a", "libmp3lame", path),
    audioTracks: 1,
    ratio: 5 / 4,
  },
  {
    name: "h263-amr.3gp",
    make: (path) =>
      ffmpeg(
        ...video(704, 576),
        ...audio(3),
        "-c:v",
        "h263",
        "-q:v",
        "2",
        "-c:a",
        "aac",
        "-ar",
        "8000",
        "-ac",
        "1",
        path,
      ),
    audioTracks: 1,
    ratio: 11 / 9,
  },
  {
    name: "hevc-10-bit.mov",
    make: (path) =>
      ffmpeg(
        ...video(1920, 1080, { seconds: 2.5 }),
        ...audio(2.5),
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=error",
        "-pix_fmt",
        "yuv420p10le",
        "-tag:v",
        "hvc1",
        ...aac,
        path,
      ),
    options: { compatible: true },
    audioTracks: 1,
    ratio: wide,
  },
  {
    name: "hdr.mp4",
    make: (path) =>
      ffmpeg(
        ...video(1920, 1080, { seconds: 2.5 }),
        ...audio(2.5),
        ...[
          "-vf",
          "format=gbrp,zscale=min=gbr:tin=bt709:pin=bt709:rin=full:t=smpte2084:p=bt2020:m=bt2020nc:r=tv:npl=203,format=yuv420p10le",
        ],
        ...[
          "-c:v",
          "libx265",
          "-preset",
          "ultrafast",
          "-x265-params",
          "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
          "-tag:v",
          "hvc1",
        ],
        ...["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", ...aac, path],
      ),
    options: { compatible: true },
    audioTracks: 1,
    ratio: wide,
    colors: false,
  },
  {
    name: "silent.mp4",
    make: (path) => ffmpeg(...video(1920, 1080), ...h264, path),
    audioTracks: 0,
    ratio: wide,
  },
  {
    name: "audio-longer.mp4",
    make: (path) => ffmpeg(...video(1280, 720, { seconds: 14 }), ...audio(18), ...h264, ...aac, path),
    seconds: 14,
    audioTracks: 1,
    ratio: wide,
    lossless: true,
  },
  {
    name: "two-languages.mkv",
    make: (path) =>
      ffmpeg(
        ...video(1920, 1080),
        ...audio(3),
        ...audio(3),
        "-map",
        "0",
        "-map",
        "1",
        "-map",
        "2",
        ...h264,
        ...aac,
        path,
      ),
    audioTracks: 2,
    ratio: wide,
  },
  { name: "aac.m4a", make: (path) => ffmpeg(...audio(5), ...aac, path), audioTracks: 1, ratio: null },
  {
    name: "vorbis.ogg",
    make: (path) => ffmpeg(...audio(5), "-c:a", "libvorbis", path),
    audioTracks: 1,
    ratio: null,
  },
  { name: "flac.flac", make: (path) => ffmpeg(...audio(5), path), audioTracks: 1, ratio: null },
  {
    name: "192-kHz.wav",
    make: (path) =>
      ffmpeg("-f", "lavfi", "-i", "sine=f=440:r=192000:d=14.5", "-ac", "2", "-c:a", "pcm_s24le", path),
    audioTracks: 1,
    ratio: null,
  },
  {
    name: "20s.wav",
    make: (path) => ffmpeg(...audio(20), path),
    seconds: 14.9,
    audioTracks: 1,
    ratio: null,
    lossless: true,
  },
  {
    name: "20s.mp3",
    make: (path) => ffmpeg(...audio(20), path),
    seconds: 14.9,
    audioTracks: 1,
    ratio: null,
    lossless: true,
  },
  {
    name: "8000-px.png",
    make: (path) => ffmpeg(...video(8000, 4500), "-frames:v", "1", path),
    audioTracks: 0,
    ratio: wide,
  },
  {
    name: "exif-rotated.jpg",
    make(path) {
      ffmpeg(...video(7000, 4000), "-frames:v", "1", "-q:v", "2", "-pix_fmt", "yuvj444p", path);
      execFileSync("exiftool", ["-q", "-overwrite_original", "-n", "-Orientation=6", path]);
    },
    audioTracks: 0,
    ratio: 4000 / 7000,
  },
  {
    name: "picture.avif",
    make: (path) =>
      ffmpeg(
        ...video(640, 480),
        "-frames:v",
        "1",
        "-c:v",
        "libaom-av1",
        "-still-picture",
        "1",
        "-cpu-used",
        "8",
        path,
      ),
    audioTracks: 0,
    ratio: 4 / 3,
  },
  {
    name: "small.heic",
    make(path) {
      ffmpeg(...video(280, 210), "-frames:v", "1", `${path}.png`);
      execFileSync("heif-enc", ["-q", "90", "-o", path, `${path}.png`], { stdio: "ignore" });
    },
    audioTracks: 0,
    ratio: 4 / 3,
  },
  {
    name: "animated.gif",
    make: (path) => ffmpeg(...video(240, 180, { rate: 10, seconds: 1 }), path),
    audioTracks: 0,
    ratio: 4 / 3,
  },
  {
    name: "everything.mkv",
    make: (path) =>
      ffmpeg(
        ...video(2048, 512, { rate: 15, seconds: 20 }),
        ...audio(22),
        ...[
          "-vf",
          "setsar=2",
          "-c:v",
          "libvpx",
          "-deadline",
          "realtime",
          "-cpu-used",
          "8",
          "-b:v",
          "4M",
          "-c:a",
          "libvorbis",
          path,
        ],
      ),
    seconds: 14.9,
    audioTracks: 1,
    ratio: 2.5,
    colors: false,
  },
];

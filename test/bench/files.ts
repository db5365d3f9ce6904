import { copyFileSync, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { has, output } from "./tools.ts";

/** The facts that every reader reports. Durations in seconds; null if a file has none. */
export interface Asked {
  width: number | null;
  height: number | null;
  duration: number | null;
  frameRate: number | null;
}

/** One file of the benchmark: how it is made, and its true facts. */
export interface Sample {
  name: string;
  about: string;
  needs: string;
  make(path: string, folder: string): void;
  truth: Asked;
  /** How far a duration may be off: a frame of an MP3 is 26 ms, and what it says of its padding differs. */
  within: number;
}

const ffmpeg = (...args: string[]): string => output("ffmpeg", ["-v", "error", "-y", ...args]);
const still = (width: number, height: number): Asked => ({ width, height, duration: null, frameRate: null });
const sound = (duration: number): Asked => ({ width: null, height: null, duration, frameRate: null });
const clip: Asked = { width: 1280, height: 720, duration: 12, frameRate: 30 };

/** 40 MB in 12 s of 720p: noise, so that the requested bit rate is reached. */
const movie = (path: string): string =>
  ffmpeg(
    ..."-f lavfi -i testsrc2=s=1280x720:r=30:d=12 -f lavfi -i sine=440:r=48000:d=12 -vf".split(" "),
    "noise=alls=40:allf=t",
    ..."-c:v libx264 -preset ultrafast -b:v 26.5M -minrate 26.5M -maxrate 26.5M -bufsize 26.5M".split(" "),
    ..."-x264-params nal-hrd=cbr -pix_fmt yuv420p -c:a aac -shortest -f mp4".split(" "),
    path,
  );
const remuxed = (folder: string, path: string, movflags: string): string =>
  ffmpeg("-i", join(folder, "mp4-moov-last.mp4"), "-c", "copy", "-movflags", movflags, "-f", "mp4", path);
const noise = (path: string, size: string, ...args: string[]): string =>
  output("convert", [
    "-seed",
    "7",
    "-size",
    size,
    "xc:#808182",
    "+noise",
    "Random",
    "-depth",
    "8",
    ...args,
    path,
  ]);
const tone = (path: string, seconds: number, ...args: string[]): string =>
  ffmpeg("-f", "lavfi", "-i", `sine=440:r=44100:d=${seconds}`, "-ac", "2", ...args, path);

/** Real files, made once by tools that this machine has. */
export const samples: readonly Sample[] = [
  {
    name: "mp4-moov-last.mp4",
    about: "MP4, 40 MB, moov last",
    needs: "ffmpeg",
    make: movie,
    truth: clip,
    within: 0.03,
  },
  {
    name: "mp4-moov-first.mp4",
    about: "MP4, 40 MB, moov first",
    needs: "ffmpeg",
    make: (path, folder) => remuxed(folder, path, "+faststart"),
    truth: clip,
    within: 0.03,
  },
  {
    name: "mp4-fragmented.mp4",
    about: "MP4, 40 MB, fragmented",
    needs: "ffmpeg",
    make: (path, folder) => remuxed(folder, path, "frag_keyframe+empty_moov+default_base_moof"),
    // Here ffmpeg draws the last frame out to the end of the sound.
    truth: { ...clip, duration: 12.02, frameRate: 29.947 },
    within: 0.03,
  },
  {
    name: "jpeg.jpg",
    about: "JPEG, 7 MB",
    needs: "convert",
    make: (path) => noise(path, "2500x1700", "-quality", "90"),
    truth: still(2500, 1700),
    within: 0,
  },
  {
    name: "tiff.tif",
    about: "TIFF, 36 MB",
    needs: "convert",
    make: (path) => noise(path, "4000x3000", "-compress", "none"),
    truth: still(4000, 3000),
    within: 0,
  },
  {
    name: "heic.heic",
    about: "HEIC, 11 MB",
    needs: "heif-enc",
    make(path, folder) {
      const png = join(folder, "making.png");
      noise(png, "2600x1900");
      output("heif-enc", ["-q", "94", "-o", path, png]);
    },
    truth: still(2600, 1900),
    within: 0,
  },
  {
    name: "png.png",
    about: "PNG, 5 MB",
    needs: "convert",
    make: (path) => noise(path, "1300x1280"),
    truth: still(1300, 1280),
    within: 0,
  },
  {
    name: "webp.webp",
    about: "WebP, 5 MB",
    needs: "cwebp",
    make(path, folder) {
      const png = join(folder, "making.png");
      noise(png, "1300x1280");
      output("cwebp", ["-quiet", "-lossless", "-z", "1", png, "-o", path]);
    },
    truth: still(1300, 1280),
    within: 0,
  },
  {
    name: "wav.wav",
    about: "WAV, 14 MB",
    needs: "ffmpeg",
    make: (path) => tone(path, 80),
    truth: sound(80),
    within: 0.001,
  },
  {
    name: "mp3-xing.mp3",
    about: "MP3, 12 MB, with Xing",
    needs: "ffmpeg",
    make: (path) => tone(path, 300, "-b:a", "320k"),
    truth: sound(300),
    within: 0.1,
  },
  {
    name: "mp3-no-xing.mp3",
    about: "MP3, 12 MB, no Xing",
    needs: "ffmpeg",
    make: (path) => tone(path, 300, "-b:a", "320k", "-write_xing", "0"),
    truth: sound(300),
    within: 0.1,
  },
];

/** Makes missing samples. Returns those that exist, and what is needed to make the others. */
export function makeSamples(folder: string): { made: Sample[]; missing: string[] } {
  mkdirSync(folder, { recursive: true });
  const made: Sample[] = [];
  const missing: string[] = [];
  for (const sample of samples) {
    const path = join(folder, sample.name);
    if (!existsSync(path)) {
      if (!has(sample.needs)) {
        missing.push(`${sample.about}: needs ${sample.needs}`);
        continue;
      }
      const half = join(folder, `making-${sample.name}`);
      sample.make(half, folder);
      renameSync(half, path);
      console.error(`made ${sample.name}, ${(statSync(path).size / 1e6).toFixed(1)} MB`);
    }
    made.push(sample);
  }
  return { made, missing };
}

/** Small files of every format, to be copied into the mixed folder. */
export const small = [
  "image/jpeg-640x480.jpg",
  "image/png-640x480.png",
  "image/webp-lossy-640x480.webp",
  "image/gif-animated-3-frames.gif",
  "image/heic-rotated-480x640.heic",
  "video/mp4-h264-aac.mp4",
  "video/mov-h264-pcm.mov",
  "video/rate-23.976.mp4",
  "audio/mp3-stereo-3s.mp3",
  "image/jpeg-299x300.jpg",
] as const;

/** `count` files in folders of 500. */
export function makeMixed(folder: string, count: number): void {
  if (existsSync(join(folder, "complete"))) return;
  for (let i = 0; i < count; i++) {
    const from = small[i % small.length] ?? small[0];
    const into = join(folder, "files", String(Math.floor(i / 500)).padStart(3, "0"));
    if (i % 500 === 0) mkdirSync(into, { recursive: true });
    copyFileSync(join("fixtures", from), join(into, `${i}-${from.split("/")[1]}`));
  }
  mkdirSync(join(folder, "complete"));
}

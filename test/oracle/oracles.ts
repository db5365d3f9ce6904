import { execFile } from "node:child_process";
import { type Format, formats } from "../../src/facts/formats.ts";
import { noFacts, numberOf, type Oracle, rational, type ToolFacts, turned } from "./tool-facts.ts";

/** Standard output and error of a process, whatever its exit status; a minute at most. */
export function run(
  command: string,
  args: readonly string[],
): Promise<{ out: string; err: string; failed: boolean }> {
  return new Promise((resolve) => {
    const limits = { maxBuffer: 256 * 1024 * 1024, timeout: 60_000, killSignal: "SIGKILL" as const };
    execFile(command, args, limits, (error, out, err) => resolve({ out, err, failed: error !== null }));
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

type Fields = Record<string, unknown>;
const list = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);
const kindOf = (format: Format | null) => (format ? formats[format].kind : null);
const round = (value: number | null) => (value === null ? null : Math.round(value));

/** Runs the tool on one file at a time. */
function oneByOne(ask: (path: string) => Promise<ToolFacts | null>): Oracle["ask"] {
  return async (paths) => {
    const answers = new Map<string, ToolFacts>();
    for (const path of paths) {
      const facts = await ask(path);
      if (facts) answers.set(path, facts);
    }
    return answers;
  };
}

const ffprobeFormats: Record<string, Format> = {
  wav: "wav",
  w64: "w64",
  aac: "aac",
  ogg: "ogg",
  flac: "flac",
  aiff: "aiff",
  avi: "avi",
  flv: "flv",
  mpegts: "mpeg-ts",
  mpeg: "mpeg-ps",
  asf: "wmv",
  amr: "amr",
  au: "au",
  caf: "caf",
  png_pipe: "png",
  apng: "png",
  jpeg_pipe: "jpeg",
  bmp_pipe: "bmp",
  tiff_pipe: "tiff",
  gif: "gif",
  gif_pipe: "gif",
  webp_pipe: "webp",
};

const ffprobe: Oracle = {
  name: "ffprobe",
  command: "ffprobe",
  // A process a file: of pictures there are thousands, and two other tools that take them by the dozen.
  fits: (format) => kindOf(format) !== "image",
  batch: 1,
  jobs: 2,
  ask: oneByOne(async (path) => {
    const { out } = await run("ffprobe", [
      "-v",
      "quiet",
      "-show_format",
      "-show_streams",
      "-of",
      "json",
      `file:${path}`,
    ]);
    const answer = json(out) as { format?: Fields; streams?: unknown } | null;
    const name = String(answer?.format?.format_name ?? "");
    if (!name) return null;
    const streams = list(answer?.streams);
    const video = streams.find((s) => s.codec_type === "video" && !(s.disposition as Fields)?.attached_pic);
    const audio = streams.find((s) => s.codec_type === "audio");
    let format = ffprobeFormats[name] ?? null;
    if (name === "mp3")
      format = audio?.codec_name === "mp3" || audio?.codec_name === "mp3float" ? "mp3" : "mp2";
    if (name.startsWith("matroska")) format = /webm/i.test(path) ? null : "mkv";
    const still = kindOf(format) === "image";
    const ratio = rational(String(video?.sample_aspect_ratio ?? "1/1").replace(":", "/")) ?? 1;
    const side = list(video?.side_data_list).find((s) => s.rotation !== undefined);
    const wide = numberOf(video?.width);
    const [width, height] = turned(
      wide === null ? null : Math.round(still ? wide : wide * ratio),
      numberOf(video?.height),
      numberOf(side?.rotation) ?? 0,
    );
    const trackDuration = numberOf((video ?? audio)?.duration);
    const duration = numberOf(answer?.format?.duration) ?? trackDuration;
    const moving = video !== undefined && !still && (numberOf(video.nb_frames) ?? 2) > 1;
    return {
      ...noFacts,
      format,
      width,
      height,
      duration,
      trackDuration,
      frameRate: moving ? rational(video.avg_frame_rate) : null,
    };
  }),
};

const mediainfoFormats: Record<string, Format> = {
  Wave: "wav",
  JPEG: "jpeg",
  PNG: "png",
  GIF: "gif",
  Bitmap: "bmp",
  TIFF: "tiff",
  WebP: "webp",
  AVI: "avi",
  Matroska: "mkv",
  WebM: "webm",
  FLAC: "flac",
  AIFF: "aiff",
  ADTS: "aac",
  "MPEG-TS": "mpeg-ts",
  "MPEG-PS": "mpeg-ps",
  "Flash Video": "flv",
  Wave64: "w64",
};

const mediainfo: Oracle = {
  name: "mediainfo",
  command: "mediainfo",
  fits: (format) => kindOf(format) !== "image" || format === "heic" || format === "heif",
  batch: 40,
  jobs: 2,
  async ask(paths) {
    const { out } = await run("mediainfo", ["--Output=JSON", ...paths]);
    const answer = json(out);
    const answers = new Map<string, ToolFacts>();
    for (const report of Array.isArray(answer) ? list(answer) : [answer as Fields]) {
      const media = report?.media as Fields | undefined;
      const tracks = list(media?.track);
      const general = tracks.find((t) => t["@type"] === "General");
      if (!media || !general || tracks.length < 2) continue;
      const video = tracks.find((t) => t["@type"] === "Video");
      const audio = tracks.find((t) => t["@type"] === "Audio");
      let format = mediainfoFormats[String(general.Format)] ?? null;
      if (general.Format === "MPEG Audio") format = audio?.Format_Profile === "Layer 3" ? "mp3" : "mp2";
      if (general.Format === "MPEG-4" && video)
        format = /^QuickTime/.test(String(general.Format_Profile)) ? "mov" : null;
      const ratio = numberOf(video?.PixelAspectRatio) ?? 1;
      const wide = numberOf(video?.Width);
      const [width, height] = turned(
        wide === null ? null : Math.round(wide * ratio),
        numberOf(video?.Height),
        numberOf(video?.Rotation) ?? 0,
      );
      const rate = rational(video?.FrameRate_Num && `${video.FrameRate_Num}/${video.FrameRate_Den}`);
      answers.set(String(media["@ref"]), {
        ...noFacts,
        format,
        width,
        height,
        duration: numberOf(general.Duration),
        trackDuration: numberOf((video ?? audio)?.Duration),
        frameRate: rate ?? numberOf(video?.FrameRate),
      });
    }
    return answers;
  },
};

const exiftoolFormats: Record<string, Format> = {
  ...({
    "3GP": "3gp",
    "3G2": "3g2",
    M4V: "mp4",
    M4A: "m4a",
    M4B: "m4a",
    APNG: "png",
    RIFF: "wav",
    OGG: "ogg",
  } as const),
  ...({
    WMA: "wma",
    ASF: "wmv",
    "EXTENDED WEBP": "webp",
    MPEG: "mpeg-ps",
    M2TS: "mpeg-ts",
    F4V: "mp4",
  } as const),
};

const exiftool: Oracle = {
  name: "exiftool",
  command: "exiftool",
  fits: () => true,
  batch: 200,
  jobs: 1,
  async ask(paths) {
    const tags = [
      "FileType",
      "ImageWidth",
      "ImageHeight",
      "Orientation",
      "Rotation",
      "Duration",
      "VideoFrameRate",
    ];
    const { out } = await run("exiftool", [
      "-j",
      "-n",
      "-api",
      "LargeFileSupport=1",
      ...tags.map((t) => `-${t}`),
      ...paths,
    ]);
    const answers = new Map<string, ToolFacts>();
    for (const row of list(json(out))) {
      const type = String(row.FileType ?? "");
      if (!type) continue;
      const lower = type.toLowerCase();
      const format = exiftoolFormats[type] ?? (lower in formats ? (lower as Format) : null);
      const heif = format === "heic" || format === "heif";
      const quarter = heif
        ? (numberOf(row.Rotation) ?? 0)
        : (numberOf(row.Orientation) ?? 1) >= 5
          ? 90
          : (numberOf(row.Rotation) ?? 0);
      const turns = format === "png" || format === "gif" || format === "webp" ? 0 : quarter;
      const [width, height] = turned(numberOf(row.ImageWidth), numberOf(row.ImageHeight), turns);
      // Of MP3 and WAV it only guesses the duration, from the file's size and a rate.
      const duration =
        format === "mp3" || format === "wav" || kindOf(format) === "image" ? null : numberOf(row.Duration);
      answers.set(String(row.SourceFile), { ...noFacts, format, width, height, duration });
    }
    return answers;
  },
};

const identify: Oracle = {
  name: "identify",
  command: "identify",
  fits: (format) => kindOf(format) === "image",
  batch: 25,
  jobs: 2,
  async ask(paths) {
    const line = "%i|%m|%W|%H|%w|%h|%[orientation]\n";
    const { out } = await run("identify", ["-ping", "-format", line, ...paths.map((path) => `${path}[0]`)]);
    const answers = new Map<string, ToolFacts>();
    for (const row of out.split("\n")) {
      const fields = row.split("|");
      const [magick = "", pageWidth, pageHeight, width, height, orientation = ""] = fields.slice(-6);
      const format = magick.toLowerCase().replace(/^(bmp|tiff|png)\d+$/, "$1");
      if (!(format in formats)) continue;
      const canvas = format === "gif" || format === "webp";
      // LeftTop, RightTop, RightBottom, LeftBottom: the orientations that stand on their side.
      const onSide = ["jpeg", "tiff"].includes(format) && /^(Left|Right)/.test(orientation);
      const [w, h] = turned(
        numberOf(canvas ? pageWidth : width),
        numberOf(canvas ? pageHeight : height),
        onSide ? 90 : 0,
      );
      answers.set(fields.slice(0, -6).join("|"), {
        ...noFacts,
        format: format as Format,
        width: w,
        height: h,
      });
    }
    return answers;
  },
};

const heifInfo: Oracle = {
  name: "heif-info",
  command: "heif-info",
  fits: (format) => format === "heic" || format === "heif" || format === "avif",
  batch: 1,
  jobs: 2,
  ask: oneByOne(async (path) => {
    const { out } = await run("heif-info", [path]);
    const found = /image: (\d+)x(\d+) \(id=\d+\), primary/.exec(out);
    return found ? { ...noFacts, width: round(Number(found[1])), height: round(Number(found[2])) } : null;
  }),
};

const soxi: Oracle = {
  name: "sox",
  command: "soxi",
  fits: (format) => format === "wav" || format === "mp3",
  batch: 1,
  jobs: 2,
  ask: oneByOne(async (path) => {
    const { out } = await run("soxi", ["-D", path]);
    const duration = numberOf(out.trim());
    return duration ? { ...noFacts, duration } : null;
  }),
};

function decoder(command: string, isPicture: boolean, args: (path: string) => readonly string[]): Oracle {
  return {
    name: "decode",
    command,
    fits: (format) => (kindOf(format) === "image") === isPicture,
    batch: 1,
    jobs: 2,
    ask: oneByOne(async (path) => {
      const { err, failed } = await run(command, args(path));
      const reported = err.trim().split("\n").slice(0, 3).join(" | ").slice(0, 300);
      return { ...noFacts, decodeErrors: reported || (failed ? "failed" : "") };
    }),
  };
}

/** Decode everything and report errors; slow, therefore optional. */
export const decoders: readonly Oracle[] = [
  decoder("convert", true, (path) => [path, "null:"]),
  decoder("ffmpeg", false, (path) => ["-nostdin", "-v", "error", "-i", `file:${path}`, "-f", "null", "-"]),
];

/** All tools that can be run. */
export const oracles: readonly Oracle[] = [ffprobe, mediainfo, exiftool, identify, heifInfo, soxi];

import type { MediaInfo, Track, VideoTrack } from "mediainfo.js";
import type { LibraryEnvironment, LibraryInput, LibraryReader, LibraryReading } from "./library-reading.ts";

const chunkSize = 64 * 1024;

let instance: Promise<MediaInfo<"object">> | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * mediainfo.js: one shared instance, one analysis at a time, a new instance after one has thrown. A read that returns no
 * bytes, because the read budget is used up, ends its scan without an error.
 */
export const reader: LibraryReader = (input, environment) => {
  const analysis = last.then(() => analyse(input, environment));
  last = analysis.catch(() => undefined);
  return analysis;
};

async function analyse(input: LibraryInput, environment: LibraryEnvironment): Promise<LibraryReading> {
  try {
    instance ??= create(environment);
    const mediainfo = await instance;
    const { media } = await mediainfo.analyzeData(input.size, (length, offset) => input.read(offset, length));
    return libraryReadingOf(media?.track ?? []);
  } catch (error) {
    instance = null;
    throw error;
  }
}

/** The values of one file's tracks: the first video and the first audio track, if there are several. */
export function libraryReadingOf(tracks: readonly Track[]): LibraryReading {
  const libraryReading: LibraryReading = {};
  for (const track of tracks) {
    if (track["@type"] === "Video" && !libraryReading.size) readVideo(track, libraryReading);
    else if (track["@type"] === "Image" && !libraryReading.size && track.Width && track.Height)
      libraryReading.size = { width: track.Width, height: track.Height };
    else if (track["@type"] === "Audio" && libraryReading.audioCodec === undefined) {
      if (track.Format) libraryReading.audioCodec = codec(track.Format);
      if (track.SamplingRate) libraryReading.sampleRate = track.SamplingRate;
      if (track.Channels) libraryReading.channels = track.Channels;
    }
  }
  const general = tracks.find((track) => track["@type"] === "General");
  if (libraryReading.duration === undefined && general?.Duration) libraryReading.duration = general.Duration;
  return libraryReading;
}

/** Width and Height are stored values, Rotation is clockwise degrees as text, FrameRate is rounded to 3 decimals. */
function readVideo(track: VideoTrack, libraryReading: LibraryReading): void {
  const { Width: width, Height: height } = track;
  if (width && height) {
    const displayWidth = Math.round(width * (track.PixelAspectRatio || 1));
    const swapped = Math.round(Number(track.Rotation ?? 0) / 90) % 2 !== 0;
    libraryReading.size = swapped ? { width: height, height: displayWidth } : { width: displayWidth, height };
  }
  if (track.Format) libraryReading.videoCodec = codec(track.Format);
  if (track.Duration) libraryReading.duration = track.Duration;
  if (track.FrameRate_Num && track.FrameRate_Den)
    libraryReading.frameRate = track.FrameRate_Num / track.FrameRate_Den;
  else if (track.FrameRate) libraryReading.frameRate = track.FrameRate;
}

const codecs: Record<string, string> = {
  AVC: "h264",
  HEVC: "hevc",
  "MPEG-4 Visual": "mpeg4",
  JPEG: "mjpeg",
  "MPEG Audio": "mp3",
  "AC-3": "ac3",
};

const codec = (format: string): string => codecs[format] ?? format.toLowerCase();

async function create(environment: LibraryEnvironment): Promise<MediaInfo<"object">> {
  const wasm = await environment.wasm();
  // Bundlers must not resolve this import: its code names a file that they would look for and not find.
  const { default: mediaInfoFactory } = await import(
    /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ "mediainfo.js"
  );
  // In browsers the Emscripten loader hands what locateFile returns to fetch(), which takes a Request as well; and a
  // Request can carry the hash that the bytes must have. (mediainfo.js 0.3.8, dist/esm-bundle/index.js.)
  try {
    return await mediaInfoFactory({ format: "object", chunkSize, locateFile: () => wasm as string });
  } catch (error) {
    await environment.explain?.(error);
    throw error;
  }
}

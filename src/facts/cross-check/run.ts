import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import { deriveFacts } from "../derive-facts.ts";
import type { Evidence } from "../evidence.ts";
import { type Format, formats } from "../formats.ts";
import { addLibraryReading } from "./compare.ts";
import type { LibraryName, LibraryReading, RunLibrary } from "./library-reading.ts";
import { noteFailure, type RunCrossCheck } from "./policy.ts";
import { allowedReads, movieAllowance, plainAllowance } from "./read-budget.ts";

/** The library that reads a format correctly; HEIC has none, and formats that are only named need none. */
const libraryOf: Partial<Record<Format, LibraryName>> = {
  jpeg: "image-size",
  png: "image-size",
  gif: "image-size",
  webp: "image-size",
  bmp: "image-size",
  tiff: "mediainfo",
  mp4: "mediainfo",
  mov: "mediainfo",
  m4a: "mediainfo",
  wav: "music-metadata",
  mp3: "music-metadata",
};

/**
 * Runs the library for a file's format and adds its readings to the evidence. A failure of the library is a note in the
 * evidence; only the caller's signal, and a source that cannot be read, reject.
 */
export const crossCheckWith =
  (runLibrary: RunLibrary): RunCrossCheck =>
  async (source, evidence, { signal, crossCheck }) => {
    const { size } = source;
    if (!size) return;
    const { format } = evidence;
    const name = format === null ? "file-type" : libraryOf[format];
    const why = format && (await reasonToSkip(source, format, evidence));
    if (why) evidence.crossCheckNotes.push({ crossCheck: name ?? "mediainfo", why });
    if (!name || why) return;
    const movie =
      format === "mp4" || format === "mov" || format === "m4a" ? await movieAllowance(source) : null;
    const read = allowedReads(
      source,
      size,
      movie?.allowance ?? { free: [], freeBytes: plainAllowance },
      signal ?? null,
    );
    let readError: unknown = null;
    const input = {
      format,
      size,
      read: (offset: number, length: number) =>
        read(offset, length).catch((error: unknown) => {
          readError = error;
          throw error;
        }),
    };
    try {
      const libraryReading = await runLibrary(name, input);
      // The library gets only the first fragments of a fragmented file.
      if (movie?.fragmented) libraryReading.estimate = true;
      if (format === null) addName(evidence, name, libraryReading);
      else addLibraryReading(evidence, name, libraryReading);
    } catch (error) {
      if (readError !== null) throw readError;
      noteFailure(evidence, name, reasonText(error), crossCheck);
    }
    deriveFacts(evidence);
  };

/** Why the library for this format would be wrong about this file, or null. */
async function reasonToSkip(source: ByteSource, format: Format, evidence: Evidence): Promise<string | null> {
  if (format === "heic" || format === "heif")
    return "no library is right about grids and primary items of HEIF";
  if (format === "bmp") {
    const header = await source.read(14, 4);
    if ((header[0] ?? 0) < 40) return "image-size misreads OS/2 headers";
  }
  if (format === "gif") {
    const screen = await source.read(6, 4);
    const [shown] = evidence.sizes;
    const width = (screen[0] ?? 0) + 256 * (screen[1] ?? 0);
    const height = (screen[2] ?? 0) + 256 * (screen[3] ?? 0);
    if (shown && (shown.width > width || shown.height > height))
      return "image-size reads the logical screen, which is smaller than the first frame";
  }
  if (format === "tiff") {
    const head = await source.read(0, 4);
    if (head[2] === 43 || head[3] === 43) return "MediaInfo does not read BigTIFF";
  }
  return null;
}

/** Uses the name that file-type has for a format that we do not detect. */
function addName(evidence: Evidence, library: LibraryName, { named }: LibraryReading): void {
  if (!named) return;
  const own = Object.entries(formats).find(([, row]) => row.mime === named.mime)?.[0] as Format | undefined;
  if (own && libraryOf[own]) {
    // file-type reads a few bytes; our own signatures need more of that format's structure, and did not find it.
    evidence.crossCheckNotes.push({
      crossCheck: library,
      why: `calls it ${own}, whose structure was not found`,
    });
    return;
  }
  evidence.label = own ? formats[own].label : `${named.extension.toUpperCase()} file`;
  evidence.mime = named.mime;
  evidence.kind ??= named.kind;
}

/** A report may be sent to others: it must not contain paths of this machine. */
function withoutPaths(text: string): string {
  return text.replace(
    /(?:file:\/\/\/?|(?<![A-Za-z])[A-Za-z]:[\\/]|\\\\|(?<![\w:/.])\/)[^\s"'`]*[\\/]([^\s"'`\\/]+)/g,
    "$1",
  );
}

/** An error's message in one line, without control characters and paths: it may quote the file. */
function reasonText(error: unknown): string {
  if (error instanceof MediaPreflightError) return withoutPaths(error.message);
  const text = withoutPaths(error instanceof Error ? error.message : String(error));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").slice(0, 200) || "it failed without a message";
}

import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import { type Evidence, settleFacts } from "../evidence.ts";
import { type Format, formats } from "../formats.ts";
import { addLibraryReading } from "./compare.ts";
import type { Ask, LibraryName, LibraryReading } from "./library-reading.ts";
import { noteFailure, type RunCrossCheck } from "./policy.ts";
import { allowedReads, movieAllowance, plainAllowance } from "./read-budget.ts";

/** The cross-check library that reads a format correctly; HEIC has none, and formats that are only named need none. */
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
 * Asks the cross-check library of a file's format and adds what it says to the evidence. Whatever goes wrong with a cross-check library is a
 * note in the evidence; only the caller's signal, and a source that cannot be read, reject.
 */
export const consultWith =
  (ask: Ask): RunCrossCheck =>
  async (source, evidence, { signal, crossCheck }) => {
    const { size } = source;
    if (!size) return;
    const { format } = evidence;
    const name = format === null ? "file-type" : libraryOf[format];
    const why = format && (await reasonNotToAsk(source, format, evidence));
    if (why) evidence.crossCheckNotes.push({ crossCheck: name ?? "mediainfo", why });
    if (!name || why) return;
    const movie =
      format === "mp4" || format === "mov" || format === "m4a" ? await movieAllowance(source) : null;
    const read = allowedReads(
      source,
      size,
      movie?.allowance ?? { free: [], spare: plainAllowance },
      signal ?? null,
    );
    let lost: unknown = null;
    const question = {
      format,
      size,
      read: (offset: number, length: number) =>
        read(offset, length).catch((error: unknown) => {
          lost = error;
          throw error;
        }),
    };
    try {
      const libraryReading = await ask(name, question);
      // Of a fragmented file the cross-check library sees the first fragments only.
      if (movie?.fragmented) libraryReading.estimate = true;
      if (format === null) nameIt(evidence, name, libraryReading);
      else addLibraryReading(evidence, name, libraryReading);
    } catch (error) {
      if (lost !== null) throw lost;
      noteFailure(evidence, name, plain(error), crossCheck);
    }
    settleFacts(evidence);
  };

/** Why the cross-check library of this format would be wrong about this file, or null. */
async function reasonNotToAsk(
  source: ByteSource,
  format: Format,
  evidence: Evidence,
): Promise<string | null> {
  if (format === "heic" || format === "heif")
    return "no crossCheck is right about grids and primary items of HEIF";
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

function nameIt(evidence: Evidence, crossCheck: LibraryName, { named }: LibraryReading): void {
  if (!named) return;
  const own = Object.entries(formats).find(([, row]) => row.mime === named.mime)?.[0] as Format | undefined;
  if (own && libraryOf[own]) {
    // It looks at a few bytes; our own signatures look at more and did not find that format's structure.
    evidence.crossCheckNotes.push({ crossCheck, why: `calls it ${own}, whose structure was not found` });
    return;
  }
  evidence.label = own ? formats[own].label : `${named.extension.toUpperCase()} file`;
  evidence.mime = named.mime;
  evidence.kind ??= named.kind;
}

/** A report may be sent to somebody who is not to know where files lie on this machine. */
function withoutPaths(text: string): string {
  return text.replace(
    /(?:file:\/\/\/?|(?<![A-Za-z])[A-Za-z]:[\\/]|\\\\|(?<![\w:/.])\/)[^\s"'`]*[\\/]([^\s"'`\\/]+)/g,
    "$1",
  );
}

/** One line, no control characters, no paths: it may quote the file. */
function plain(error: unknown): string {
  if (error instanceof MediaPreflightError) return withoutPaths(error.message);
  const text = withoutPaths(error instanceof Error ? error.message : String(error));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").slice(0, 200) || "it failed without a word";
}

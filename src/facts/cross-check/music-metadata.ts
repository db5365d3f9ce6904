import { parseBlob } from "music-metadata";
import type { LibraryInput, LibraryReader, LibraryReading } from "./library-reading.ts";

/** music-metadata, for WAV and MP3, reading only the parts that it seeks: it takes the file's size from the Blob. */
export const reader: LibraryReader = async (input) => {
  const options = { duration: false, skipCovers: true, includeChapters: false };
  const { format } = await parseBlob(new Ranges(input), options);
  const libraryReading: LibraryReading = {};
  if (format.duration && Number.isFinite(format.duration)) libraryReading.duration = format.duration;
  if (format.sampleRate) libraryReading.sampleRate = format.sampleRate;
  if (format.numberOfChannels) libraryReading.channels = format.numberOfChannels;
  // "CBR" may be a guess from four equal frames, and the duration then the file size over their size.
  if (input.format === "mp3" && format.codecProfile === "CBR") libraryReading.estimate = true;
  return libraryReading;
};

/** A Blob whose bytes are read when they are needed. */
class Ranges extends Blob {
  readonly #input: LibraryInput;
  readonly #from: number;
  readonly #to: number;

  constructor(input: LibraryInput, from = 0, to: number = input.size) {
    super();
    this.#input = input;
    this.#from = from;
    this.#to = to;
  }

  override get size(): number {
    return this.#to - this.#from;
  }

  override get type(): string {
    return this.#input.format === "mp3" ? "audio/mpeg" : "audio/wav";
  }

  override slice(start = 0, end: number = this.size): Blob {
    const to = Math.min(this.#from + end, this.#to);
    return new Ranges(this.#input, Math.min(this.#from + start, to), to);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.#input.read(this.#from, this.size);
    if (bytes.byteLength < this.size) throw new Error("it needs more of the file than it may read");
    return bytes.buffer;
  }
}

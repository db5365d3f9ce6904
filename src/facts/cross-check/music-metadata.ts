import { parseBlob } from "music-metadata";
import type { CrossCheckLibrary, LibraryReading, Question } from "./library-reading.ts";

/** music-metadata over a WAV or an MP3, read where it seeks: it takes the file's true size from the Blob. */
export const crossCheck: CrossCheckLibrary = async (question) => {
  const options = { duration: false, skipCovers: true, includeChapters: false };
  const { format } = await parseBlob(new Ranges(question), options);
  const libraryReading: LibraryReading = {};
  if (format.duration && Number.isFinite(format.duration)) libraryReading.duration = format.duration;
  if (format.sampleRate) libraryReading.sampleRate = format.sampleRate;
  if (format.numberOfChannels) libraryReading.channels = format.numberOfChannels;
  // "CBR" may be a guess from four frames alike, and the duration then the file size over their size.
  if (question.format === "mp3" && format.codecProfile === "CBR") libraryReading.estimate = true;
  return libraryReading;
};

/** A Blob whose bytes are asked for as they are needed. */
class Ranges extends Blob {
  readonly #question: Question;
  readonly #from: number;
  readonly #to: number;

  constructor(question: Question, from = 0, to: number = question.size) {
    super();
    this.#question = question;
    this.#from = from;
    this.#to = to;
  }

  override get size(): number {
    return this.#to - this.#from;
  }

  override get type(): string {
    return this.#question.format === "mp3" ? "audio/mpeg" : "audio/wav";
  }

  override slice(start = 0, end: number = this.size): Blob {
    const to = Math.min(this.#from + end, this.#to);
    return new Ranges(this.#question, Math.min(this.#from + start, to), to);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.#question.read(this.#from, this.size);
    if (bytes.byteLength < this.size) throw new Error("it wanted more of the file than it may read");
    return bytes.buffer;
  }
}

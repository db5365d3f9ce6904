import type { MaybePromise } from "../../async/maybe-promise.ts";
import { text } from "../cursor.ts";
import type { Format } from "../formats.ts";
import { type Ifd, number, numbers, type Tiff } from "./tiff-ifd.ts";

/** Camera makers whose raw files are built on TIFF, by tag 271 (Make). */
const makers: readonly (readonly [RegExp, Format])[] = [
  [/nikon/i, "nef"],
  [/sony/i, "arw"],
  [/canon/i, "cr2"],
  [/pentax|ricoh/i, "pef"],
  [/samsung/i, "srw"],
  [/olympus/i, "orf"],
  [/panasonic|leica/i, "rw2"],
];

/** Photometric interpretations that are sensor data: colour filter array (TIFF/EP), linear raw (DNG). */
const sensorData = [32803, 34892];
/** Compressions that only cameras write: Sony, Samsung, Nikon, Kodak, Pentax, lossy DNG. */
const sensorCompressions = [32767, 32770, 32772, 32867, 34713, 34892, 65000, 65535];
const dngVersion = 50706;
/** DNG private data, which Sony uses too; Leaf's own data. */
const privateData = [50740, 34310];
const subIfdsTag = 330;
const maxSubIfds = 8;

/** The camera raw format of a TIFF directory and its sub-directories; null for an ordinary TIFF, even one that a camera wrote. */
export async function cameraRaw(tiff: Tiff, ifd: Ifd, subIfds: readonly Ifd[]): Promise<Format | null> {
  if (ifd.tags.has(dngVersion)) return "dng";
  let raw = privateData.some((tag) => ifd.tags.has(tag));
  for (const each of [ifd, ...subIfds]) {
    raw ||= sensorData.includes(await number(tiff, each, 262, 0));
    raw ||= sensorCompressions.includes(await number(tiff, each, 259, 0));
  }
  const thumbnail = ((await number(tiff, ifd, 254, 0)) & 1) === 1;
  if (!raw && !thumbnail) return null;
  const makeEntry = ifd.tags.get(271);
  const view = makeEntry ? await tiff.cursor.read(makeEntry.at, Math.min(makeEntry.count, 32)) : null;
  const make = view ? text(view, 0, view.byteLength) : "";
  const maker = makers.find(([test]) => test.test(make))?.[1] ?? null;
  if (raw) return maker ?? "raw";
  // Only raw files have a thumbnail in the directory and the picture in a sub-directory.
  for (const each of subIfds) if ((await number(tiff, each, 254, 1)) === 0) return maker;
  return null;
}

/** Offsets of the sub-directories of a directory. */
export function subIfdOffsets(tiff: Tiff, ifd: Ifd): MaybePromise<number[]> {
  return numbers(tiff, ifd.tags.get(subIfdsTag), maxSubIfds);
}

import type { Cursor } from "../cursor.ts";
import type { Evidence } from "../evidence.ts";
import type { FormatOf, Parser } from "../parsers.ts";
import { readBmp } from "./bmp.ts";
import { readGif } from "./gif.ts";
import { readJpeg } from "./jpeg.ts";
import { readPng } from "./png.ts";
import { readWebp } from "./webp.ts";

const byFormat: Readonly<Record<FormatOf<"still">, Parser>> = {
  jpeg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  bmp: readBmp,
};

/** The small parsers of still images in one module: separate ones would be smaller than the cost of a request. */
export function readStill(cursor: Cursor, evidence: Evidence): void | Promise<void> {
  return byFormat[evidence.format as FormatOf<"still">](cursor, evidence);
}

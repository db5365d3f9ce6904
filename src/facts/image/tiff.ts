import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, EndOfData } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { cameraRaw, subIfdOffsets } from "./camera-raw.ts";
import { setStillSize } from "./exif.ts";
import { type Ifd, number, openTiff, readIfd, type Tiff } from "./tiff-ifd.ts";
import { checkStrips } from "./tiff-strips.ts";

/** NewSubfileType bits, TIFF 6.0 section 8: a thumbnail, a transparency mask. */
const reduced = 1;
const mask = 4;
const maxPages = 1024;
/** Directories that are checked for sensor data, each with its sub-directories. */
const maxRawChecks = 8;

interface Page {
  width: number;
  height: number;
  orientation: number;
}

/**
 * TIFF and BigTIFF (TIFF 6.0; https://www.awaresystems.be/imaging/tiff/bigtiff.html): the first page that is not
 * a thumbnail gives the size. Many programs always open the first page: if that is a thumbnail, its size is
 * another reading. The format of a camera raw file that is built on TIFF is set in `evidence.format`.
 */
export async function readTiff(cursor: Cursor, evidence: Evidence): Promise<void> {
  const { damage } = evidence;
  const { tiff, first } = await openTiff(cursor);
  const seen = new Set<number>();
  const pages: Page[] = [];
  const thumbnails: Page[] = [];
  let thumbnailFirst = false;
  let at = first;
  try {
    while (at > 0 && !seen.has(at) && seen.size < maxPages) {
      seen.add(at);
      // Most decoders ignore a dangling link after a complete page.
      const ifd = await readIfd(tiff, at).catch(pages.length > 0 ? nullAtEnd : rethrow);
      if (!ifd) {
        damaged(evidence, "cut-short", `page ${pages.length + 1}`, at, null, false);
        break;
      }
      at = ifd.next;
      if (seen.size <= maxRawChecks) {
        const raw = await cameraRaw(tiff, ifd, await readSubIfds(tiff, ifd));
        if (raw) {
          evidence.format = raw;
          return;
        }
      }
      const page = await readPage(tiff, ifd);
      if (!page) continue;
      const kind = await number(tiff, ifd, 254, 0);
      const thumbnail = (kind & (reduced | mask)) !== 0;
      thumbnailFirst ||= thumbnail && pages.length === 0;
      (thumbnail ? thumbnails : pages).push(page);
      const cut = await checkStrips(tiff, ifd, page.width, page.height);
      const missing = ifd.reach - cursor.size;
      if (damage.length > 0) continue;
      if (cut) damage.push(cut);
      // Values past the end although the picture is complete: a cut, or a writer's error in one tag.
      else if (missing > 0) damaged(evidence, "cut-short", "tag values", ifd.at, missing, false);
    }
  } finally {
    const page = pages[0] ?? thumbnails[0];
    if (page && evidence.format === "tiff") {
      setStillSize(evidence, page.width, page.height, page.orientation);
      if (thumbnailFirst && pages.length > 0) addThumbnailReading(evidence, thumbnails[0]);
      // Pages after the last one that was read are not counted.
      evidence.facts.frames = at > 0 && !seen.has(at) ? null : Math.max(1, pages.length);
    }
  }
  if (evidence.sizes.length === 0) damaged(evidence, "no-picture", "IFD", first);
}

/** Adds the size of the thumbnail before a full page, rotated as it is displayed. */
function addThumbnailReading({ sizes }: Evidence, thumbnail: Page | undefined): void {
  if (!thumbnail) return;
  const { width, height, orientation } = thumbnail;
  for (const size of sizes) size.from = "full-page";
  sizes.push(
    orientation > 4
      ? { width: height, height: width, from: "first-page" }
      : { width, height, from: "first-page" },
  );
}

function readPage(tiff: Tiff, ifd: Ifd): MaybePromise<Page | null> {
  return andThen(number(tiff, ifd, 256, 0), (width) =>
    andThen(number(tiff, ifd, 257, 0), (height) =>
      andThen(number(tiff, ifd, 274, 1), (orientation) =>
        width && height ? { width, height, orientation } : null,
      ),
    ),
  );
}

async function readSubIfds(tiff: Tiff, ifd: Ifd): Promise<Ifd[]> {
  const found: Ifd[] = [];
  for (const at of await subIfdOffsets(tiff, ifd)) {
    const subIfd = await readIfd(tiff, at).catch(nullAtEnd);
    if (subIfd) found.push(subIfd);
  }
  return found;
}

function nullAtEnd(stop: unknown): null {
  if (stop instanceof EndOfData) return null;
  throw stop;
}

function rethrow(stop: unknown): never {
  throw stop;
}

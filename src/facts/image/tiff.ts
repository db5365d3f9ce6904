import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, EndOfData } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { cameraRaw, subIfdOffsets } from "./camera-raw.ts";
import { setStillSize } from "./exif.ts";
import { type Ifd, number, openTiff, readIfd, type Tiff } from "./tiff-ifd.ts";
import { checkStrips } from "./tiff-strips.ts";

/** NewSubfileType bits, TIFF 6.0 section 8: a thumbnail, a transparency mask. */
const [reduced, mask] = [1, 4];
const pagesAtMost = 1024;
/** Directories looked at for sensor data, each with those below it. */
const rawLooksAtMost = 8;

interface Page {
  width: number;
  height: number;
  orientation: number;
}

/**
 * TIFF and BigTIFF (TIFF 6.0; https://www.awaresystems.be/imaging/tiff/bigtiff.html): the first page that is not
 * a thumbnail gives the size. Many programs open the first page whatever it is: if that is a thumbnail, its size is
 * another reading. A camera raw that is built on TIFF becomes what it is in `evidence.format`.
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
    while (at > 0 && !seen.has(at) && seen.size < pagesAtMost) {
      seen.add(at);
      // Most decoders ignore a link that leads nowhere after a complete page.
      const ifd = await readIfd(tiff, at).catch(pages.length > 0 ? pastEnd : rethrow);
      if (!ifd) {
        damaged(evidence, "cut-short", `page ${pages.length + 1}`, at, null, false);
        break;
      }
      at = ifd.next;
      if (seen.size <= rawLooksAtMost) {
        const raw = await cameraRaw(tiff, ifd, await readBelow(tiff, ifd));
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
      // Values that lie behind the end, though the picture is whole: a cut, or one tag's careless writer.
      else if (missing > 0) damaged(evidence, "cut-short", "tag values", ifd.at, missing, false);
    }
  } finally {
    const page = pages[0] ?? thumbnails[0];
    if (page && evidence.format === "tiff") {
      setStillSize(evidence, page.width, page.height, page.orientation);
      if (thumbnailFirst && pages.length > 0) addThumbnailReading(evidence, thumbnails[0]);
      // Those behind the last one that was looked at are not counted.
      evidence.facts.frames = at > 0 && !seen.has(at) ? null : Math.max(1, pages.length);
    }
  }
  if (evidence.sizes.length === 0) damaged(evidence, "no-picture", "IFD", first);
}

/** The thumbnail in front of a full page, turned as it is displayed. */
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

async function readBelow(tiff: Tiff, ifd: Ifd): Promise<Ifd[]> {
  const found: Ifd[] = [];
  for (const at of await subIfdOffsets(tiff, ifd)) {
    const below = await readIfd(tiff, at).catch(pastEnd);
    if (below) found.push(below);
  }
  return found;
}

function pastEnd(stop: unknown): null {
  if (stop instanceof EndOfData) return null;
  throw stop;
}

function rethrow(stop: unknown): never {
  throw stop;
}

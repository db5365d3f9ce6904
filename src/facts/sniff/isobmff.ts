import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text, uint64, type View } from "../cursor.ts";
import type { Format } from "../formats.ts";

/**
 * Brand to format; the first match wins. Registered brands: https://mp4ra.org/registered-types/brands (2026-11-22);
 * the camera makers' own (XAVC, NDxx, MSNV, …) name MP4 files too.
 */
const brands: readonly (readonly [RegExp, Format])[] = [
  [/^qt {2}/, "mov"],
  [/^(hei[cxms]|hev[cxms])/, "heic"],
  [/^(mif[12]|msf1|miaf)/, "heif"],
  [/^avi[fso]/, "avif"],
  [/^crx /, "cr3"],
  [/^(jp[2xm] |jpxb|mj[p2][2s])/, "jp2"],
  [/^jxl /, "jxl"],
  [/^(3g2|KDDI)/, "3g2"],
  [/^3g/, "3gp"],
  [/^(M4[ABP] |F4[AB] )/, "m4a"],
  [
    /^(iso[m2-9a-z]|mp4[12]|mp71|avc[13]|hvc1|hev1|av01|M4V|f4v|F4[VP]|dash|dsms|cmf|msdh|msix|sim[sc]|mmp4|XAVC|ND[SXVA]|MSNV|piff|ccff|isml|lmsg|risx|dby1|SDV|caqv|CAEP)/,
    "mp4",
  ],
];

const formatOfBrand = (brand: string): Format | null =>
  brands.find(([test]) => test.test(brand))?.[1] ?? null;

/** Whether the major brand is 3GP although compatible brands may include MP4: then both are readings of the format. */
export const claims3gp = (major: string): boolean => /^3gp[45]/.test(major);

/** How many of the first boxes are examined for one that determines the format. */
const maxBoxes = 8;
const maxBrands = 64;

/** ISO base media by its file type box (ISO/IEC 14496-12, 4.3), or QuickTime from before there was one. */
export function sniffIsobmff(cursor: Cursor, view: View, at = 0, boxes = 1): MaybePromise<Format | null> {
  if (view.byteLength < 8) return null;
  const size = view.getUint32(0);
  const type = text(view, 4);
  if (type === "ftyp" || (type === "styp" && size < 4096)) return byBrands(view, size);
  if (type === "moof" || type === "sidx") return "mp4";
  // A size of printable characters is text: "The free encyclopaedia" is not a box.
  const printable = /[\x20-\x7e]{4}/.test(text(view, 0));
  if (/moov|mdat|pnot|PICT/.test(type) && !printable) return "mov";
  if (!/free|skip|wide|junk|uuid|udta/.test(type) || printable) return null;
  const next = at + (size === 1 && view.byteLength >= 16 ? uint64(view, 8, false) : size);
  if (size === 0 || (size > 1 && size < 8) || next >= cursor.size) return "mov";
  cursor.budget.step();
  if (boxes === maxBoxes) return null;
  return andThen(cursor.read(next, 64), (following) => sniffIsobmff(cursor, following, next, boxes + 1));
}

function byBrands(view: View, size: number): Format {
  const end = Math.min(size < 16 ? view.byteLength : size, view.byteLength, 16 + 4 * maxBrands);
  const all: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) all.push(text(view, at));
  const major = formatOfBrand(all[0] ?? "");
  // The major brand means any HEIF image: a compatible brand decides which.
  if (major === "heif") {
    const coded = all.map(formatOfBrand).filter((f) => f === "avif" || f === "heic");
    if (coded.length > 0 && coded.every((f) => f === "avif")) return "avif";
  }
  // Older Samsung phones write 3gp4 or 3gp5 into MP4 files; 3gp6 stays 3GP, since FFmpeg names isom in every 3GP file.
  if (claims3gp(all[0] ?? "") && all.slice(1).some((brand) => formatOfBrand(brand) === "mp4")) return "mp4";
  return major ?? all.map(formatOfBrand).find((f) => f !== null) ?? "isobmff";
}

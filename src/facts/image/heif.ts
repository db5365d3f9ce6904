import { loadModule } from "../../async/load-module.ts";
import { andThen } from "../../async/maybe-promise.ts";
import { type Cursor, text } from "../cursor.ts";
import { cutShort, type Damage, damaged, type Evidence, type SizeReading, unread } from "../evidence.ts";
import { type Box, bodyOf, eachBox, fileRange } from "../isobmff/boxes.ts";
import type { Size } from "../isobmff/clean-aperture.ts";
import { derivationOf, geometryOf, propertiesOf } from "./heif-geometry.ts";
import { type Items, readItems } from "./heif-items.ts";
import { beginsWithNalUnit, maxPicturesChecked } from "./heif-picture-data.ts";
import type { Sequence } from "./heif-sequence.ts";

/** Brands of HEVC pictures and sequences, ISO/IEC 23008-12 annex B.4. */
const hevcBrands = /^he(ic|ix|im|is|vc|vx|vm|vs)$/;
/** Decoders require one of these among the compatible brands (libheif 1.15, tried). */
const decodableBrand =
  /^(he(ic|ix|im|is|vc|vx|vm|vs)|mif[12]|msf1|miaf|avi[fso]|avc[is]|jp(eg|gs)|j2(ki|is)|vvic|evbi)$/;
/** Item types that are pictures, ISO/IEC 23008-12 annexes B to K, AV1 in HEIF. */
const coded = /^(hvc1|hev1|lhv1|hvt1|av01|avc1|vvc1|evc1|jpeg|j2k1|unci|mski)$/;
const derived: ReadonlySet<string | undefined> = new Set(["grid", "iovl", "iden", "tmap"]);
const deepest = 4;

/**
 * HEIF (ISO/IEC 23008-12): the primary item's size as it is shown, and whether its bytes and those of its tiles are
 * inside the file. Distinguishes HEVC pictures (heic), AV1 (avif) and others (heif) by what is coded, then by brand.
 */
export async function readHeif(cursor: Cursor, evidence: Evidence): Promise<void> {
  let brands: string[] = [];
  let meta: Box | null = null;
  let openEnded = false;
  let moov: Box | null = null;
  await eachBox(cursor, fileRange(cursor), (box) => {
    // Missing padding loses no picture data, but shows that the file was cut.
    const essential = /mdat|meta|moov|ftyp/.test(box.type);
    if (box.missing > 0 && (essential || /free|skip|uuid/.test(box.type)))
      cutShort(evidence, box.type, box.at, box.missing, essential);
    // A meta box that reaches to the end of the file, over the media data: libheif does not find it.
    if (box.type === "meta") {
      meta ??= box;
      openEnded ||= box.openEnded;
    } else if (box.type === "moov") moov ??= box;
    else if (box.type === "ftyp" && brands.length === 0)
      return andThen(bodyOf(cursor, box, 1024), (view) => {
        cursor.budget.step(view.byteLength / 4);
        for (let at = 0; at + 4 <= view.byteLength; at += 4) if (at !== 4) brands.push(text(view, at));
      });
    return undefined;
  });
  brands = brands.filter((brand) => brand !== "\0\0\0\0");
  const items = meta ? await readItems(cursor, meta) : null;
  const sequence = moov ? await sequenceIn(cursor, moov) : null;
  const primary = items?.primary ?? Number.NaN;
  const type = items?.types.get(primary);
  const picture = items && type && !/Exif|mime|uri /.test(type);

  evidence.format = formatOf(brands, picture ? codecOf(items, primary) : (sequence?.codec ?? null));
  evidence.facts.frames = sequence?.samples || (picture ? 1 : null);
  if (picture) await readPicture(cursor, evidence, items, primary, type);
  else if (sequence) readTrack(evidence, sequence);
  else damage(evidence, "no-picture", "primary item");
  if (picture && !brands.slice(1).some((brand) => decodableBrand.test(brand)))
    damage(evidence, "malformed", "ftyp", false);
  if (picture && openEnded) damage(evidence, "malformed", "meta", false);
}

function formatOf(brands: string[], codec: string | null): "heic" | "heif" | "avif" {
  const [major = ""] = brands;
  const av1 = codec === null ? /avi[fs]/.test(major) : codec === "av01";
  if (av1) return "avif";
  // A generic major brand (mif1, msf1, miaf …) means only HEIF, whatever its compatible brands.
  if (hevcBrands.test(major)) return "heic";
  return codec === null && !brands.some((b) => hevcBrands.test(b)) && brands.includes("avif")
    ? "avif"
    : "heif";
}

/** The item type of the coded picture: for a grid that of the first tile. */
function codecOf(items: Items, id: number): string | null {
  let type = items.types.get(id);
  for (let depth = 0; depth < deepest && derived.has(type); depth++) {
    id = items.sources.get(id)?.[0] ?? Number.NaN;
    type = items.types.get(id);
  }
  return type ?? null;
}

async function readPicture(
  cursor: Cursor,
  evidence: Evidence,
  items: Items,
  id: number,
  type: string,
): Promise<void> {
  const sources = items.sources.get(id) ?? [];
  const derivation = /grid|iovl/.test(type)
    ? await derivationOf(cursor, items, type, items.locations.get(id))
    : null;
  const known: Size | null =
    derivation ?? (type === "iden" ? await sizeOfSource(cursor, items, sources[0]) : null);
  const shown = await geometryOf(cursor, items, id, known);
  const { coded: stored, display } = shown;
  const { facts } = evidence;
  facts.encrypted = [id, ...sources].some((item) => items.encrypted.has(item));
  if (facts.encrypted) unread(evidence, "encrypted", { code: "encrypted" });
  if (stored && display && stored.width > 0 && stored.height > 0) {
    facts.codedWidth = stored.width;
    facts.codedHeight = stored.height;
    facts.rotation = shown.rotation;
    facts.pixelAspectRatio = 1;
    evidence.sizes.push(reading(display, "display"));
    // ispe and the grid's own header differ: so do decoders in which of the two they use.
    if (derivation && (derivation.width !== stored.width || derivation.height !== stored.height)) {
      evidence.unusual.add("contradiction");
      evidence.sizes.push(reading(shown.rotation % 180 ? rotated(derivation) : derivation, "header"));
    }
  } else {
    sizeUnread(evidence);
  }
  await checkBytes(cursor, evidence, items, [id], 0, new Set());
  if (!coded.test(type) && !derived.has(type)) damage(evidence, "malformed", `item type ${type}`, false);
  // Every picture must state its size (§6.5.3); decoders refuse those that do not.
  if (!shown.stated) damage(evidence, "malformed", "ispe", false);
  for (const [box, certain] of items.broken) damage(evidence, "malformed", box, certain);
  if (shown.badCrop) damage(evidence, "malformed", "clap", false);
  const header = items.locations.get(id)?.inFile !== false;
  if (type === "grid" && header && (!derivation || sources.length < derivation.tiles))
    damage(evidence, "malformed", "grid");
  if (derived.has(type) && !sources.length) damage(evidence, "no-media-data", `item ${id}`);
}

async function sizeOfSource(cursor: Cursor, items: Items, id: number | undefined): Promise<Size | null> {
  return id === undefined ? null : (await geometryOf(cursor, items, id, null)).display;
}

/** Checks that the bytes of these items and of their sources are inside the file. */
async function checkBytes(
  cursor: Cursor,
  evidence: Evidence,
  items: Items,
  ids: number[],
  depth: number,
  seen: Set<number>,
): Promise<void> {
  let missing = 0;
  let at = 0;
  let part = "";
  const pictures: number[] = [];
  for (const id of ids) {
    cursor.budget.step();
    if (seen.has(id)) continue;
    seen.add(id);
    const type = items.types.get(id);
    const location = items.locations.get(id);
    if (location && !location.inFile) evidence.unusual.add("unusual-structure");
    if (type !== "iden" && !location?.extents.length) damage(evidence, "no-media-data", `item ${id}`);
    const idat = items.idat;
    // An identity has no data of its own, even if iloc has an offset for it.
    if (location?.inFile && type !== "iden")
      for (const extent of location.extents) {
        cursor.budget.step();
        const end = extent.at + Math.max(extent.length, 1);
        const limit = location.method === 1 ? (idat ? idat.end - idat.body : 0) : cursor.size;
        if (end - limit <= missing) continue;
        missing = end - limit;
        at = extent.at;
        part = `item ${id}`;
      }
    const sources = items.sources.get(id);
    if (sources && derived.has(type)) {
      if (depth < deepest) await checkBytes(cursor, evidence, items, sources, depth + 1, seen);
      // Its sources were not checked.
      else damage(evidence, "malformed", `item ${id}`, false);
    } else if (type === "hvc1") {
      if (!propertiesOf(cursor, items, id).some((box) => box.type === "hvcC"))
        damage(evidence, "malformed", "hvcC");
      pictures.push(id);
    }
  }
  if (missing > 0 && !evidence.damage.some((d) => d.code === "cut-short" && d.certain))
    cutShort(evidence, part, at, missing);
  else if (missing === 0)
    for (const id of pictures.slice(0, maxPicturesChecked))
      if (!(await beginsWithNalUnit(cursor, items, id, items.locations.get(id))))
        damage(evidence, "malformed", `item ${id}`);
}

/** Loads the reader of image sequences, which most pages do not need. */
async function sequenceIn(cursor: Cursor, moov: Box): Promise<Sequence | null> {
  const { readSequence } = await loadModule(() => import("./heif-sequence.ts"));
  cursor.budget.waited();
  return await readSequence(cursor, moov);
}

function readTrack(evidence: Evidence, { coded, display, rotation, samples }: Sequence): void {
  evidence.unusual.add("unusual-structure");
  if (!samples) damage(evidence, "no-media-data", "stsz");
  if (!coded.width || !coded.height) {
    sizeUnread(evidence);
    return;
  }
  Object.assign(evidence.facts, { codedWidth: coded.width, codedHeight: coded.height, rotation });
  evidence.facts.pixelAspectRatio = 1;
  evidence.sizes.push(reading(display, "display"));
}

function sizeUnread(evidence: Evidence): void {
  unread(evidence, "width");
  unread(evidence, "height");
}

const rotated = ({ width, height }: Size): Size => ({ width: height, height: width });

const reading = ({ width, height }: Size, from: "display" | "header"): SizeReading => ({
  width,
  height,
  from,
});

/** Adds a damage once, unless missing bytes explain it. */
function damage(evidence: Evidence, code: Damage["code"], part: string, certain = true): void {
  if (
    evidence.damage.some((d) => (d.code === "cut-short" && d.certain) || (d.code === code && d.part === part))
  )
    return;
  damaged(evidence, code, part, null, null, certain);
}

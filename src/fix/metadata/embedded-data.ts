import type { ByteSource } from "../../bytes/source.ts";
import { compressedXmp } from "./compressed-xmp.ts";

/** What a file contains besides pictures and audio, found by markers in the first and last part of the file. */
export interface EmbeddedData {
  /** A C2PA manifest: a signature over these very bytes. */
  c2pa: boolean;
  exif: boolean;
  /** The place where it was taken. */
  gps: boolean;
  motionPhoto: boolean;
  gainMap: boolean;
  /** An XMP packet or tag says that the media is made or edited by AI. */
  aiLabel: boolean;
  /** The XMP packet, or null. */
  xmp: string | null;
  /** IPTC of a JPEG, or text of a PNG besides XMP: copies in other formats do not have it. */
  captions: boolean;
  /** EXIF orientation, 1 – 8; 1 if none is stated. */
  orientation: number;
  /** WebP: the picture is coded without loss. */
  lossless: boolean;
  /** HEIC and AVIF: colors that are stated by number instead of by a profile, and are not those of sRGB. */
  statedColors: StatedColors | null;
}

/** Primaries and transfer by FFmpeg's names. */
export interface StatedColors {
  primaries: string;
  transfer: string;
}

/** Bytes that are searched. Metadata precedes the picture, except in MP4 files whose index is last. */
const headBytes = 2 * 2 ** 20;
const tailBytes = 512 * 2 ** 10;

/** Looks for embedded data; bounded reads. @throws MediaPreflightError where the source cannot be read */
export async function readEmbedded(source: ByteSource): Promise<EmbeddedData> {
  const size = source.size !== null && Number.isFinite(source.size) ? source.size : headBytes;
  const head = latin1(await source.read(0, Math.min(size, headBytes)));
  const from = Math.max(size - tailBytes, headBytes);
  const tail = from < size ? latin1(await source.read(from, size - from)) : "";
  const text = head + tail + (await compressedXmp(head));
  const exif = (await tiffTags(source, head)) ?? exifIn(head);
  const xmp = packetIn(text);
  return {
    // ISO 19566-5 superbox with C2PA's label; PNG keeps it in caBX (C2PA 2.1, appendix A).
    c2pa: (text.includes("jumb") && text.includes("c2pa")) || text.includes("caBX"),
    exif: exif.found,
    gps: exif.gps || text.includes("\u00a9xyz") || text.includes("location.ISO6709"),
    motionPhoto: /(?:MotionPhoto|MicroVideo)(?:="1"|>1<)/.test(text) || text.includes("MotionPhoto_Data"),
    // Google's and Adobe's, ISO's, and Apple's, which is an auxiliary image.
    gainMap: /hdrgm:Version|urn:iso:std:iso:ts:21496|hdrgainmap/i.test(text),
    aiLabel: hasAiLabel(text),
    xmp,
    captions: hasIptc(head) || hasPngText(head),
    orientation: exif.orientation,
    lossless: text.slice(0, 64).includes("VP8L"),
    statedColors: statedColorsIn(head),
  };
}

/** Numbers of ITU-T H.273, tables 2 and 3. */
const primariesByNumber: Readonly<Record<number, string>> = { 9: "bt2020", 11: "smpte431", 12: "smpte432" };
const transfersByNumber: Readonly<Record<number, string>> = { 16: "smpte2084", 18: "arib-std-b67" };

/** ColourInformationBox of type nclx: ISO/IEC 14496-12, 12.1.5. A profile beside it is preferred. */
function statedColorsIn(head: string): StatedColors | null {
  const at = head.indexOf("colrnclx");
  if (at < 0 || /colr(?:prof|rICC)/.test(head)) return null;
  const primaries = primariesByNumber[uint16(head, at + 8, false)];
  const transfer = transfersByNumber[uint16(head, at + 10, false)];
  if (!primaries && !transfer) return null;
  return { primaries: primaries ?? "bt709", transfer: transfer ?? "iec61966-2-1" };
}

/** Whether metadata say that the media is made or edited by AI. */
export function hasAiLabel(text: string): boolean {
  return text.includes("DigitalSourceType") || /["<:\0]AIGC["\s>:{=\0]/.test(text);
}

function packetIn(text: string): string | null {
  const start = text.indexOf("<x:xmpmeta");
  const end = start < 0 ? -1 : text.indexOf("</x:xmpmeta>", start);
  if (end < 0) return null;
  const bytes = Uint8Array.from(text.slice(start, end + 12), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** The image resource of IPTC in an APP13 segment: IPTC-NAA IIM 4.2; Photoshop file formats, resource 1028. */
function hasIptc(head: string): boolean {
  return (
    head.startsWith("\xff\xd8") && head.includes("Photoshop 3.0\x008BIM") && head.includes("8BIM\x04\x04")
  );
}

/** PNG 3rd edition, 11.3.3. */
function hasPngText(head: string): boolean {
  if (!head.startsWith("\x89PNG")) return false;
  for (let at = 8; at + 8 < head.length; at += 12 + uint32(head, at, false)) {
    const type = head.slice(at + 4, at + 8);
    const isText = type === "tEXt" || type === "zTXt" || type === "iTXt";
    if (isText && !head.startsWith("XML:com.adobe.xmp\0", at + 8)) return true;
  }
  return false;
}

interface Tags {
  found: boolean;
  gps: boolean;
  orientation: number;
}

/** Bytes of a directory with as many entries as are looked at. */
const maxEntries = 512;
const directoryBytes = 2 + maxEntries * 12;

/** The tags of a TIFF file, whose first directory may be anywhere in it: TIFF 6.0, section 2. Null for other files. */
async function tiffTags(source: ByteSource, head: string): Promise<Tags | null> {
  if (!/^(?:II\*\0|MM\0\*)/.test(head)) return null;
  const little = head.startsWith("I");
  const directory = latin1(await source.read(uint32(head, 4, little), directoryBytes));
  const { exif, gps, orientation } = tagsIn(directory, 0, little);
  return { found: exif || gps, gps, orientation };
}

/** The tags of the first EXIF block: EXIF 2.32, 4.6.2: a small TIFF. */
function exifIn(text: string): Tags {
  const at = /(?:Exif\0\0|eXIf|EXIF....)(?=II\*\0|MM\0\*)/s.exec(text);
  if (!at) return { found: false, gps: false, orientation: 1 };
  const start = at.index + at[0].length;
  const little = text.charAt(start) === "I";
  return { found: true, ...tagsIn(text, start + uint32(text, start + 4, little), little) };
}

/** What the directory at `at` lists. */
function tagsIn(text: string, at: number, little: boolean): Omit<Tags, "found"> & { exif: boolean } {
  const entries = Math.min(uint16(text, at, little), maxEntries);
  const out = { exif: false, gps: false, orientation: 1 };
  for (let i = 0; i < entries; i++) {
    const entry = at + 2 + i * 12;
    const tag = uint16(text, entry, little);
    if (tag === 0x8769) out.exif = true;
    if (tag === 0x8825) out.gps = true;
    const value = tag === 0x0112 ? uint16(text, entry + 8, little) : 0;
    if (value >= 1 && value <= 8) out.orientation = value;
  }
  return out;
}

const byte = (text: string, at: number): number => text.charCodeAt(at) || 0;
const uint16 = (text: string, at: number, little: boolean): number =>
  little ? byte(text, at) | (byte(text, at + 1) << 8) : (byte(text, at) << 8) | byte(text, at + 1);
const uint32 = (text: string, at: number, little: boolean): number =>
  little
    ? uint16(text, at, true) + uint16(text, at + 2, true) * 65_536
    : uint16(text, at, false) * 65_536 + uint16(text, at + 2, false);

/** Bytes as characters of the same number. */
function latin1(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += 8192)
    out += String.fromCharCode(...bytes.subarray(at, Math.min(at + 8192, bytes.length)));
  return out;
}

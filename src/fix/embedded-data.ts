import type { ByteSource } from "../bytes/source.ts";

/** What a file carries beside its picture and sound. Found by its markers in the first and last part of the file. */
export interface EmbeddedData {
  /** A C2PA manifest: a signature over these very bytes. */
  c2pa: boolean;
  exif: boolean;
  /** Where it was taken. */
  gps: boolean;
  motionPhoto: boolean;
  gainMap: boolean;
  /** An XMP packet or tag says that the media is made or edited by AI. */
  aiLabel: boolean;
  /** The XMP packet, where there is one. */
  xmp: string | null;
  /** EXIF orientation, 1 – 8; 1 where none is stated. */
  orientation: number;
  /** WebP: the picture is coded without loss. */
  lossless: boolean;
}

/** Metadata comes before the picture, except in MP4 files whose index is last. */
const headBytes = 2 * 2 ** 20;
const tailBytes = 512 * 2 ** 10;

/** Looks for embedded data; bounded reads. @throws MediaPreflightError where the source cannot be read */
export async function readEmbedded(source: ByteSource): Promise<EmbeddedData> {
  const size = source.size !== null && Number.isFinite(source.size) ? source.size : headBytes;
  const head = latin1(await source.read(0, Math.min(size, headBytes)));
  const from = Math.max(size - tailBytes, headBytes);
  const tail = from < size ? latin1(await source.read(from, size - from)) : "";
  const text = head + tail;
  const exif = exifIn(head);
  const xmp = packetIn(text);
  return {
    // ISO 19566-5 superbox with C2PA's label; PNG keeps it in caBX (C2PA 2.1, appendix A).
    c2pa: (text.includes("jumb") && text.includes("c2pa")) || text.includes("caBX"),
    exif: exif.at >= 0,
    gps: exif.gps || text.includes("\u00a9xyz") || text.includes("location.ISO6709"),
    motionPhoto: /(?:MotionPhoto|MicroVideo)(?:="1"|>1<)/.test(text) || text.includes("MotionPhoto_Data"),
    gainMap: text.includes("hdrgm:Version") || text.includes("urn:iso:std:iso:ts:21496"),
    aiLabel: text.includes("DigitalSourceType") || /["<:\0]AIGC["\s>:{=\0]/.test(text),
    xmp,
    orientation: exif.orientation,
    lossless: text.slice(0, 64).includes("VP8L"),
  };
}

function packetIn(text: string): string | null {
  const start = text.indexOf("<x:xmpmeta");
  const end = start < 0 ? -1 : text.indexOf("</x:xmpmeta>", start);
  if (end < 0) return null;
  const bytes = Uint8Array.from(text.slice(start, end + 12), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** The tags of the first EXIF block: EXIF 2.32, 4.6.2: a small TIFF. */
function exifIn(text: string): { at: number; gps: boolean; orientation: number } {
  const none = { at: -1, gps: false, orientation: 1 };
  const at = /(?:Exif\0\0|eXIf|EXIF....)(?=II\*\0|MM\0\*)/s.exec(text);
  if (!at) return none;
  const start = at.index + at[0].length;
  const little = text.charAt(start) === "I";
  const byte = (offset: number): number => text.charCodeAt(start + offset) || 0;
  const u16 = (o: number): number => (little ? byte(o) | (byte(o + 1) << 8) : (byte(o) << 8) | byte(o + 1));
  const u32 = (o: number): number => (little ? u16(o) + u16(o + 2) * 65_536 : u16(o) * 65_536 + u16(o + 2));
  const directory = u32(4);
  const entries = Math.min(u16(directory), 512);
  let gps = false;
  let orientation = 1;
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (u16(entry) === 0x8825) gps = true;
    if (u16(entry) === 0x0112) orientation = u16(entry + 8);
  }
  return { at: start, gps, orientation: orientation >= 1 && orientation <= 8 ? orientation : 1 };
}

/** Bytes as characters of the same number. */
function latin1(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += 8192)
    out += String.fromCharCode(...bytes.subarray(at, Math.min(at + 8192, bytes.length)));
  return out;
}

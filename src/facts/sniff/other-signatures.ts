// biome-ignore-all lint/suspicious/noControlCharactersInRegex: signatures are bytes, not text
import { text, type View } from "../cursor.ts";
import type { Format } from "../formats.ts";
import { formatIn, type Signatures } from "./signatures.ts";

/** Signatures of the formats that are only named. */
const table: readonly Signatures[] = [
  ["orf", "IIRO", "IIRS", "MMOR", "IIR\x10"],
  ["rw2", "IIU\0"],
  ["jxr", "II\xbc\x01", "II\xbc\0"],
  ["avi", "RIFF____AVI", "RIFF____AMV "],
  ["midi", "MThd", "RIFF____RMID"],
  ["webm", "\x1a\x45\xdf\xa3"],
  ["ogg", "OggS"],
  ["flac", "fLaC"],
  ["aiff", "FORM____AIFF", "FORM____AIFC"],
  ["psd", "8BPS\0\x01", "8BPS\0\x02"],
  ["jp2", "\xff\x4f\xff\x51", "\0\0\0\x0cjP  "],
  ["jxl", "\xff\x0a", "\0\0\0\x0cJXL "],
  ["exr", "\x76\x2f\x31\x01"],
  ["hdr", "#?RADIANCE", "#?RGBE"],
  ["dds", "DDS |\0"],
  ["qoi", "qoif"],
  ["xcf", "gimp xcf"],
  ["bpg", "BPG\xfb"],
  ["flif", "FLIF"],
  ["mng", "\x8aMNG\r\n\x1a\n", "\x8bJNG\r\n\x1a\n"],
  ["icns", "icns\0"],
  ["emf", "\xd7\xcd\xc6\x9a", `\x01\0\0\0${"_".repeat(36)} EMF`],
  ["fits", "SIMPLE  ="],
  ["crw", "II____HEAPCCDR"],
  ["raf", "FUJIFILMCCD-RAW"],
  ["x3f", "FOVb"],
  ["flv", "FLV\x01"],
  ["wmv", "\x30\x26\xb2\x75\x8e\x66\xcf\x11"],
  ["rm", ".RMF", ".ra\xfd"],
  ["y4m", "YUV4MPEG2"],
  ["mxf", "\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02"],
  ["ivf", "DKIF\0"],
  ["mpeg-ps", "\0\0\x01\xba"],
  ["mpeg-video", "\0\0\x01\xb3"],
  ["dv", "\x1f\x07\0"],
  ["amr", "#!AMR"],
  ["au", ".snd\0"],
  ["caf", "caff\0"],
  ["dts", "\x7f\xfe\x80\x01", "\xfe\x7f\x01\x80", "\x1f\xff\xe8\0", "\xff\x1f\0\xe8"],
  ["ape", "MAC _\x0e", "MAC _\x0f", "MAC _\x10"],
  ["wavpack", "wvpk"],
  ["musepack", "MPCK", "MP+"],
  ["dsf", "DSD \x1c", "FRM8\0"],
  ["tta", "TTA1"],
  ["w64", "riff\x2e\x91\xcf\x11"],
  ["voc", "Creative Voice File\x1a"],
  ["zip", "PK\x03\x04", "PK\x05\x06", "PK\x07\x08"],
  ["gzip", "\x1f\x8b\x08"],
];

/** The format whose signature the bytes begin with, or that their first 4 KiB determine; null for none. */
export function otherFormatOf(view: View): Format | null {
  const found = formatIn(table, view);
  if (found === "webm") return latin1(view).includes("webm") ? "webm" : "mkv";
  if (found === "ogg") return /\x80theora|\x01video\0|BBCD\0|OVP80/.test(latin1(view)) ? "ogv" : "ogg";
  return found ?? (view.byteLength < 6 ? null : ambiguous(view));
}

/** Signatures that are too short to be used without a further condition. */
function ambiguous(view: View): Format | null {
  const head = text(view, 0, Math.min(44, view.byteLength));
  const byte = (at: number): number => (at < view.byteLength ? view.getUint8(at) : -1);
  if (/^[FCZ]WS[\x01-\x30]/.test(head)) return "swf";
  if (/^P([1-7]\s+[\d#W]|[Ff]\s+\d)/.test(head)) return "pnm";
  if (/^\0\0[\x01\x02]\0[^\0]\0/.test(head) && byte(9) === 0) return "ico";
  if (/^\x0a[\0\x02-\x05]\x01[\x01\x02\x04\x08]/.test(head) && byte(64) === 0) return "pcx";
  if (/^\0\0\0?\x01[\x09\x27\x47\x67]/.test(head)) return "h264-stream";
  if (/^\0\0\0?\x01[\x40\x42\x44\x46]\x01/.test(head)) return "h265-stream";
  if (text(view, 128, Math.min(4, view.byteLength - 128)) === "DICM") return "dicom";
  if (head.startsWith("\x0b\x77") && latin1(view).indexOf("\x0b\x77", 2) > 0) return "ac3";
  return transportStream(byte, view.byteLength) ? "mpeg-ts" : null;
}

/** Sync bytes at five packets in a row, ISO/IEC 13818-1 2.4.3.2; with 4 bytes of time code before (M2TS) or 16 of FEC after. */
function transportStream(byte: (at: number) => number, size: number): boolean {
  return [188, 192, 204].some((packet) => {
    const first = packet === 192 ? 4 : 0;
    for (let i = 0; i < 5; i++)
      if (byte(first + i * packet) !== 0x47) return i > 2 && first + i * packet >= size;
    return true;
  });
}

function latin1(view: View): string {
  return text(view, 0, view.byteLength);
}

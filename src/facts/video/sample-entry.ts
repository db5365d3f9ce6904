import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text, type View } from "../cursor.ts";
import type { Facts } from "../facts.ts";
import { type Box, type BoxRange, bodyOf, eachBox, skipFields } from "../isobmff/boxes.ts";
import { codecOf } from "./codecs.ts";
import { type DecoderConfiguration, decoderConfiguration } from "./decoder-configuration.ts";
import { readElementaryStream } from "./elementary-stream.ts";
import { type BitstreamSize, bitstreamSize } from "./parameter-sets.ts";

/** The values of the first sample entry of a track, ISO/IEC 14496-12 §8.5.2 and §12. */
export interface SampleEntry {
  /** The codec's usual name, else its four-character code. */
  codec: string;
  known: boolean;
  /** Sample entries of the track; fewer than stsd states where it is cut. */
  entries: number;
  /** It states more entries than it holds, or a decoder configuration is none. */
  broken: boolean;
  /** 1-based index into the data references. */
  reference: number;
  width: number;
  height: number;
  /** Pixel aspect ratio of the pasp box, or null. */
  aspect: number | null;
  /** The body of the clap box, or null. */
  clap: View | null;
  bitstream: BitstreamSize | null;
  /** Of H.264 and HEVC. */
  configuration: DecoderConfiguration | null;
  /** Any entry of the track is protected (ISO/IEC 14496-12 §8.12, FairPlay): it cannot be decoded without a key. */
  encrypted: boolean;
  /** It has to hold its decoder's configuration (ISO/IEC 14496-15 §5.4.2, §8.4.1), and does not. */
  unconfigured: boolean;
  sampleRate: number | null;
  channels: number | null;
  /** How picture and sound are coded, as far as the boxes say; `interlaced` by the fiel box alone. */
  coding: Partial<Pick<Facts, "audioProfile" | "bitDepth" | "chroma" | "interlaced">>;
  /** QuickTime audio: bytes a packet and samples a packet, where stated. */
  packet: { bytes: number; samples: number } | null;
}

/** Entries that are looked at: clear and encrypted parts alternate between a few. */
const maxEntries = 64;
/** Real decoder configurations have some hundred bytes. */
const largestExtension = 16_384;
/** Bytes of fields before a sample entry's own boxes. */
const pictureFields = 78;

/** The first entry of an stsd box; null where there is none. */
export function readSampleEntry(
  cursor: Cursor,
  stsd: Box,
  handler: string,
): MaybePromise<SampleEntry | null> {
  let first: Box | null = null;
  let entries = 0;
  let encrypted = false;
  let broken = false;
  const walked = eachBox(cursor, skipFields(stsd, 8), (box) => {
    first ??= box;
    encrypted ||= isProtected(box.type);
    broken ||= box.malformed || box.openEnded || box.missing > 0;
    return ++entries >= maxEntries;
  });
  return andThen(walked, () =>
    andThen(first && readEntry(cursor, first, handler), (entry) => {
      if (!entry) return entry;
      entry.encrypted ||= encrypted;
      entry.entries = entries;
      if (/^[ah]vc1$/.test(first?.type ?? "") && entry.configuration?.complete === false) entry.broken = true;
      return andThen(bodyOf(cursor, stsd, 8), (head) => {
        const stated = head.getUint32(4);
        entry.broken ||= broken || stated < 1 || (stated > entries && entries < maxEntries);
        return entry;
      });
    }),
  );
}

/** Sample entries of protected media: Common Encryption (ISO/IEC 23001-7), and FairPlay's own. */
const isProtected = (type: string): boolean => /^(enc[vastum]|drm[ist]|p608)$/.test(type);

function readEntry(cursor: Cursor, box: Box, handler: string): MaybePromise<SampleEntry> {
  return andThen(bodyOf(cursor, box, pictureFields), (view) => {
    const name = codecOf(box.type);
    const codec = name === "rawvideo" && handler === "soun" ? "pcm" : name;
    const entry: SampleEntry = {
      codec: codec ?? box.type.trim(),
      known: codec !== null,
      entries: 1,
      broken: codec === null && !/^(?!free|skip)[\x20-\x7e\xa9]{4}$/.test(box.type),
      reference: view.byteLength < 8 ? 1 : view.getUint16(6),
      width: 0,
      height: 0,
      aspect: null,
      clap: null,
      bitstream: null,
      configuration: null,
      encrypted: isProtected(box.type),
      unconfigured: handler === "vide" && /^[ah]vc1$/.test(box.type),
      sampleRate: null,
      channels: null,
      coding: {},
      packet: null,
    };
    let fields: number | null = null;
    if (handler === "vide" && view.byteLength >= 28) {
      entry.width = view.getUint16(24);
      entry.height = view.getUint16(26);
      fields = pictureFields;
    } else if (handler === "soun" && view.byteLength >= 28) fields = soundFields(view, entry);
    return andThen(fields && readExtensions(cursor, skipFields(box, fields), entry), () => entry);
  });
}

/** ISO/IEC 14496-12 §12.2.3; versions 1 and 2 as the QuickTime File Format has them. Returns the fields' length. */
function soundFields(view: View, entry: SampleEntry): number {
  const version = view.getUint16(8);
  entry.channels = view.getUint16(16) || null;
  const rate = view.getUint32(24);
  // 16.16, but a few formats use all 32 bits for it.
  entry.sampleRate = (rate < 65536 ? rate : rate / 65536) || null;
  if (version === 1 && view.byteLength >= 44) {
    // An ISO file's version 1 has no further fields; boxes follow at once, and their type is letters.
    if (/^[A-Za-z]{4}$/.test(text(view, 32))) return 28;
    entry.packet = { samples: view.getUint32(28), bytes: view.getUint32(36) };
    return 44;
  }
  if (version !== 2 || view.byteLength < 64) return 28;
  entry.sampleRate = new DataView(view.buffer, view.byteOffset + 32, 8).getFloat64(0) || null;
  entry.channels = view.getUint32(40) || null;
  return 64;
}

/** The boxes after an entry's fields; a protected entry's `sinf` and QuickTime's `wave` hold some of them. */
function readExtensions(cursor: Cursor, range: BoxRange, entry: SampleEntry): MaybePromise<void> {
  return eachBox(cursor, range, (box) => {
    entry.encrypted ||= box.type === "sinf";
    return box.type === "sinf" || box.type === "wave"
      ? readExtensions(cursor, box, entry)
      : andThen(bodyOf(cursor, box, largestExtension), (view) => {
          // A descriptor or a parameter set's header takes two bytes.
          cursor.budget.step(view.byteLength / 2);
          readExtension(box.type, view, entry);
        });
  });
}

function readExtension(type: string, view: View, entry: SampleEntry): void {
  if (type === "avcC" || type === "hvcC") {
    entry.bitstream ??= bitstreamSize(type, view);
    entry.unconfigured = false;
    entry.configuration ??= decoderConfiguration(type, view);
    const unreadable =
      entry.configuration === null || (entry.configuration.parameterSets > 0 && !entry.bitstream);
    entry.broken ||= unreadable;
    if (entry.bitstream) setSampling(entry, entry.bitstream.chroma, entry.bitstream.bitDepth);
  } else if (type === "av1C" && view.byteLength >= 4) setAv1Sampling(view.getUint8(2), entry);
  // VP Codec ISO Media File Format Binding 1.0, §"VP Codec Configuration Box": 0 and 1 are 4:2:0.
  else if (type === "vpcC" && view.byteLength >= 7)
    setSampling(entry, Math.max(1, (view.getUint8(6) >> 1) & 7), view.getUint8(6) >> 4);
  // QuickTime File Format, "fiel": the number of fields in a frame.
  else if (type === "fiel" && view.byteLength) entry.coding.interlaced = view.getUint8(0) > 1;
  else if (type === "esds") readEsds(view, entry);
  else if (type === "dac3" || type === "dec3") setDolbyChannels(view, type === "dac3" ? 10 : 28, entry);
  else if (type === "clap") entry.clap ??= view;
  else if (type === "pasp" && view.byteLength >= 8) {
    const [across, down] = [view.getUint32(0), view.getUint32(4)];
    if (across && down) entry.aspect = across / down;
  } else if (type === "frma" && !entry.known && view.byteLength >= 4) {
    setCodec(entry, codecOf(text(view, 0)));
  }
}

const samplings = ["4:0:0", "4:2:0", "4:2:2", "4:4:4"];

/** @param chroma as in `samplings` */
function setSampling(entry: SampleEntry, chroma: number, bitDepth: number | null): void {
  entry.coding.chroma ??= samplings[chroma] ?? null;
  entry.coding.bitDepth ??= bitDepth;
}

/** AV1 Codec ISO Media File Format Binding 1.2, §2.3.3: high_bitdepth, twelve_bit, monochrome, chroma_subsampling_x and _y. */
function setAv1Sampling(flags: number, entry: SampleEntry): void {
  const across = flags & 8 ? (flags & 4 ? 1 : 2) : 3;
  setSampling(entry, flags & 16 ? 0 : across, flags & 64 ? (flags & 32 ? 12 : 10) : 8);
}

/** Channels by acmod, ETSI TS 102 366 table 4.3. */
const dolbyChannels = [2, 1, 2, 3, 3, 4, 4, 5];

/** acmod and lfeon of a dac3 or dec3 box, ETSI TS 102 366 annex F.4 and F.6; `bit` is where they begin. */
function setDolbyChannels(view: View, bit: number, entry: SampleEntry): void {
  const at = bit >> 3;
  if (view.byteLength < at + 2) return;
  const mode = (view.getUint16(at) >>> (12 - (bit & 7))) & 15;
  entry.channels = (dolbyChannels[mode >> 1] ?? 2) + (mode & 1);
}

function readEsds(view: View, entry: SampleEntry): void {
  const { codec, audio } = readElementaryStream(view, entry.codec);
  setCodec(entry, codec);
  if (!audio) return;
  entry.coding.audioProfile = audio.profile;
  if (audio.sampleRate) entry.sampleRate = audio.sampleRate;
  entry.channels = audio.channels ?? entry.channels;
}

function setCodec(entry: SampleEntry, codec: string | null): void {
  if (codec === null) return;
  entry.codec = codec;
  entry.known = true;
}

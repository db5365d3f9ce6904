import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text, type View } from "../cursor.ts";
import { type Box, type BoxRange, bodyOf, eachBox, inside, versionOf } from "../isobmff/boxes.ts";
import { codecOf, objectCodec } from "./codecs.ts";
import { type DecoderConfiguration, decoderConfiguration } from "./decoder-configuration.ts";
import { type BitstreamSize, bitstreamSize } from "./parameter-sets.ts";

/** What the first sample entry of a track says, ISO/IEC 14496-12 §8.5.2 and §12. */
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
  bare: boolean;
  sampleRate: number | null;
  channels: number | null;
  /** QuickTime audio: bytes a packet and samples a packet, where stated. */
  packet: { bytes: number; samples: number } | null;
}

/** Entries that are looked at: clear and encrypted parts alternate between a few. */
const mostEntries = 64;
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
  const walked = eachBox(cursor, inside(stsd, 8), (box) => {
    first ??= box;
    encrypted ||= isProtected(box.type);
    broken ||= box.malformed || box.openEnded || box.missing > 0;
    return ++entries >= mostEntries;
  });
  return andThen(walked, () =>
    andThen(first && readEntry(cursor, first, handler), (entry) => {
      if (!entry) return entry;
      entry.encrypted ||= encrypted;
      entry.entries = entries;
      if (/^[ah]vc1$/.test(first?.type ?? "") && entry.configuration?.complete === false) entry.broken = true;
      return andThen(bodyOf(cursor, stsd, 8), (head) => {
        const stated = head.getUint32(4);
        entry.broken ||= broken || stated < 1 || (stated > entries && entries < mostEntries);
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
      bare: handler === "vide" && /^[ah]vc1$/.test(box.type),
      sampleRate: null,
      channels: null,
      packet: null,
    };
    let fields: number | null = null;
    if (handler === "vide" && view.byteLength >= 28) {
      entry.width = view.getUint16(24);
      entry.height = view.getUint16(26);
      fields = pictureFields;
    } else if (handler === "soun" && view.byteLength >= 28) fields = soundFields(view, entry);
    return andThen(fields && readExtensions(cursor, inside(box, fields), entry), () => entry);
  });
}

/** ISO/IEC 14496-12 §12.2.3; versions 1 and 2 as the QuickTime File Format has them. Returns the fields' length. */
function soundFields(view: View, entry: SampleEntry): number {
  const version = view.getUint16(8);
  entry.channels = view.getUint16(16) || null;
  const rate = view.getUint32(24);
  // 16.16, save that a few formats use all 32 bits for it.
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
    entry.bare = false;
    entry.configuration ??= decoderConfiguration(type, view);
    const unreadable =
      entry.configuration === null || (entry.configuration.parameterSets > 0 && !entry.bitstream);
    entry.broken ||= unreadable;
  } else if (type === "esds") readDescriptors(view, entry);
  else if (type === "dac3" || type === "dec3") readDolby(view, type === "dac3" ? 10 : 28, entry);
  else if (type === "clap") entry.clap ??= view;
  else if (type === "pasp" && view.byteLength >= 8) {
    const [across, down] = [view.getUint32(0), view.getUint32(4)];
    if (across && down) entry.aspect = across / down;
  } else if (type === "frma" && !entry.known && view.byteLength >= 4) {
    rename(entry, codecOf(text(view, 0)));
  }
}

/** Channels by acmod, ETSI TS 102 366 table 4.3. */
const dolbyChannels = [2, 1, 2, 3, 3, 4, 4, 5];

/** acmod and lfeon of a dac3 or dec3 box, ETSI TS 102 366 annex F.4 and F.6; `bit` is where they begin. */
function readDolby(view: View, bit: number, entry: SampleEntry): void {
  const at = bit >> 3;
  if (view.byteLength < at + 2) return;
  const mode = (view.getUint16(at) >>> (12 - (bit & 7))) & 15;
  entry.channels = (dolbyChannels[mode >> 1] ?? 2) + (mode & 1);
}

function rename(entry: SampleEntry, codec: string | null): void {
  if (codec === null) return;
  entry.codec = codec;
  entry.known = true;
}

const rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** An esds box: the object type, and an AudioSpecificConfig's rate and channels (ISO/IEC 14496-3 §1.6.2.1). */
function readDescriptors(view: View, entry: SampleEntry): void {
  if (versionOf(view).version !== 0) return;
  let at = 4;
  while (at + 2 <= view.byteLength) {
    const tag = view.getUint8(at++);
    let length = 0;
    for (let i = 0; i < 4 && at < view.byteLength; i++) {
      const byte = view.getUint8(at++);
      length = length * 128 + (byte & 127);
      if (byte < 128) break;
    }
    if (tag === 3) {
      const flags = at + 3 <= view.byteLength ? view.getUint8(at + 2) : 0;
      at += 3 + (flags & 128 ? 2 : 0) + (flags & 32 ? 2 : 0);
      if (flags & 64 && at < view.byteLength) at += 1 + view.getUint8(at);
    } else if (tag === 4 && at + 13 <= view.byteLength) {
      rename(entry, objectCodec(view.getUint8(at)));
      at += 13;
    } else if (tag === 5 && entry.codec === "aac" && at + 4 <= view.byteLength) {
      readAudioConfig(view.getUint32(at), at + 8 <= view.byteLength ? view.getUint32(at + 4) : 0, entry);
      return;
    } else at += length;
  }
}

function readAudioConfig(high: number, low: number, entry: SampleEntry): void {
  let bit = 0;
  const take = (n: number): number => {
    let value = 0;
    for (const end = bit + n; bit < end; bit++) {
      const word = bit < 32 ? high : bit < 64 ? low : 0;
      value = value * 2 + ((word >>> (31 - (bit & 31))) & 1);
    }
    return value;
  };
  const object = (): number => {
    const type = take(5);
    return type === 31 ? 32 + take(6) : type;
  };
  const frequency = (): number => {
    const index = take(4);
    return index === 15 ? take(24) : (rates[index] ?? 0);
  };
  const type = object();
  let output = frequency();
  const layout = take(4);
  // 5: spectral band replication doubles the rate; 29: parametric stereo makes two channels of one.
  if (type === 5 || type === 29) output = frequency();
  else if (type === 2 && layout) {
    take(1);
    if (take(1)) take(14);
    take(1);
    // Replication that is signalled in a way that old decoders don't see, §1.6.6.1.
    if (take(11) === 0x2b7 && take(5) === 5 && take(1)) output = frequency();
  }
  if (output) entry.sampleRate = output;
  if (layout)
    entry.channels =
      type === 29 && layout === 1 ? 2 : layout === 7 ? 8 : layout < 7 ? layout : entry.channels;
}

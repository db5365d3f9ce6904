import type { Random } from "./random.ts";

type Mutation = (bytes: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

/** Values that are critical for length fields. */
const lengths = [0, 1, 2, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const names =
  "ftyp moov trak mdia minf stbl stsd stts stsc stsz stco co64 mdat moof traf trun tfhd edts elst meta iloc iinf ipco ipma ispe pitm iref grid clap irot idat RIFF RIFX RF64 ds64 WAVE fmt data fact LIST VP8X VP8L ANMF IHDR IDAT IEND acTL eXIf Exif Xing Info VBRI GIF8 free uuid".split(
    " ",
  );

/** An offset, more often near the start or the end, where headers are. */
function place(bytes: Uint8Array, random: Random): number {
  const { length } = bytes;
  const zone = random.below(4);
  if (zone === 0) return Math.min(length - 1, 12 + random.below(64));
  if (zone === 1) return random.below(Math.min(length, 2048));
  if (zone === 2) return Math.max(0, length - 1 - random.below(Math.min(length, 2048)));
  return random.below(length);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function write(bytes: Uint8Array, at: number, width: number, value: number, little: boolean): void {
  for (let i = 0; i < width && at + i < bytes.length; i++) {
    const shift = little ? i : width - 1 - i;
    bytes[at + i] = shift > 3 ? 0 : value >>> (shift * 8);
  }
}

const mutations: readonly Mutation[] = [
  function flipBits(bytes, random) {
    for (let n = 1 + random.below(8); n > 0; n--) {
      const at = place(bytes, random);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[place(bytes, random)] = random.pick([0, 1, 0x7f, 0x80, 0xfe, 0xff, random.below(256)]);
    return bytes;
  },
  function setLength(bytes, random) {
    const width = random.pick([1, 2, 4, 4, 4, 8]);
    write(bytes, place(bytes, random), width, random.pick(lengths), random.below(2) === 0);
    return bytes;
  },
  function shiftLength(bytes, random) {
    const at = place(bytes, random);
    const by = random.pick([-8, -2, -1, 1, 2, 8, 255, -256]);
    for (let i = at; i < at + 4 && i < bytes.length; i++) if (i === at) bytes[i] = (bytes[i] ?? 0) + by;
    return bytes;
  },
  function rename(bytes, random) {
    const name = random.pick(names);
    const at = place(bytes, random);
    for (let i = 0; i < 4 && at + i < bytes.length; i++) bytes[at + i] = name.charCodeAt(i) || 32;
    return bytes;
  },
  function cut(bytes, random) {
    return bytes.slice(0, random.below(bytes.length));
  },
  function cutHead(bytes, random) {
    return bytes.slice(random.below(random.pick([2, 16, 4096])));
  },
  function remove(bytes, random) {
    const at = place(bytes, random);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64)));
  },
  function insert(bytes, random) {
    const at = place(bytes, random);
    const fill = random.pick([0, 0xff, 0x20]);
    const more = new Uint8Array(1 + random.below(random.pick([4, 64, 4096]))).fill(fill);
    return joined(bytes.subarray(0, at), more, bytes.subarray(at));
  },
  function duplicate(bytes, random) {
    const at = place(bytes, random);
    const piece = bytes.subarray(at, at + 1 + random.below(1024));
    return joined(
      bytes.subarray(0, at),
      ...Array.from({ length: 1 + random.below(8) }, () => piece),
      bytes.subarray(at),
    );
  },
  function splice(bytes, random, corpus) {
    const other = random.pick(corpus);
    return joined(bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random)));
  },
  function overwrite(bytes, random, corpus) {
    const other = random.pick(corpus);
    const from = place(other, random);
    const at = place(bytes, random);
    bytes.set(other.subarray(from, from + Math.min(256, bytes.length - at)), at);
    return bytes;
  },
];

/** A copy of one of the corpus with one to five mutations: the first one often hides the effect of the others. */
export function mutate(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes: Uint8Array = random.pick(corpus).slice();
  for (let n = random.pick([1, 1, 1, 2, 2, 3, 5]); n > 0 && bytes.length > 0; n--)
    bytes = random.pick(mutations)(bytes, random, corpus);
  return bytes;
}

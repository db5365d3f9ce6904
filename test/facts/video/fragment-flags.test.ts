import { describe, expect, it } from "vitest";
import { box, concat, words } from "../../../fixtures/make/mp4-edit.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { ftyp, full, movie, type TrackMade, track } from "./movies.ts";
import { readCounted } from "./read-counted.ts";

/* Generated movie fragments: every flag of tfhd and trun, and bytes that end one too early. */

const none: TrackMade = {
  stts: [],
  sizes: full("stsz", 0, 0, words(0, 0)),
  runs: full("stsc", 0, 0, words(0)),
  chunks: full("stco", 0, 0, words(0)),
};
const trex = (id = 1, duration = 1000, size = 10): Uint8Array =>
  full("trex", 0, 0, words(id, 1, duration, size, 0));
const mvex = (...boxes: Uint8Array[]): Uint8Array => box("mvex", ...boxes);

interface Run {
  flags?: number;
  /** Behind flags: count, then fields and samples. */
  count?: number;
  /** First-sample flags, data offset apart. */
  first?: number[];
  samples?: number[][];
  version?: number;
}
/** A trun box; `offset` is its data offset, where flag 1 is set. */
const trun = (
  { flags = 1, samples = [], count = samples.length, first = [], version = 0 }: Run,
  offset: number,
): Uint8Array =>
  full(
    "trun",
    version,
    flags,
    words(count, ...(flags & 1 ? [offset] : []), ...first, ...samples.flat().map((v) => v >>> 0)),
  );
const tfhd = (flags: number, id: number, ...fields: number[]): Uint8Array =>
  full("tfhd", 0, flags, words(id, ...fields));
const tfdt = (time: number, wide = false): Uint8Array =>
  full("tfdt", wide ? 1 : 0, 0, wide ? words(Math.floor(time / 2 ** 32), time % 2 ** 32) : words(time));

/** A moof whose runs' data are right after it, one after the other. */
function moof(trafs: ((offset: number) => Uint8Array[])[]): Uint8Array {
  const laid = (offset: number): Uint8Array =>
    box("moof", full("mfhd", 0, 0, words(1)), ...trafs.map((traf) => box("traf", ...traf(offset))));
  return laid(laid(0).length + 8);
}
interface File {
  head?: TrackMade;
  also?: Uint8Array[];
  extends?: Uint8Array[];
  stated?: number;
}
const file = (
  pieces: Uint8Array[],
  { head = none, also = [], extends: boxes = [trex()], stated = 0 }: File = {},
): Uint8Array => {
  const whole = movie([track(head), ...also], { media: 0, inside: [mvex(...boxes)], stated });
  return concat(ftyp, whole.subarray(ftyp.length + 8), ...pieces);
};
const mdat = (bytes: number): Uint8Array => box("mdat", new Uint8Array(bytes));
const read = async (bytes: Uint8Array): Promise<Evidence> => (await readCounted(bytes)).evidence;
const summary = (e: Evidence): string => {
  const damage = e.damage
    .map((d) => `; ${d.certain ? "" : "perhaps "}${d.code} ${d.part} by ${d.missing}`)
    .join("");
  const all = e.durations.map((d) => `${Number(d.value.toFixed(6))} ${d.from}`).join(", ");
  return `${e.facts.frames} in ${all}${damage}`;
};
const summaryOf = async (bytes: Uint8Array): Promise<string> => summary(await read(bytes));

describe("a trun box", () => {
  const intact = "4 in 0.166667 video-track";
  /** Durations of 1000 ticks in 24,000 a second; sizes of 10 bytes. */
  const combinations = Array.from({ length: 16 }, (_, i) => [
    i,
    (i & 1 ? 0x100 : 0) | (i & 2 ? 0x200 : 0) | (i & 4 ? 0x400 : 0) | (i & 8 ? 0x800 : 0),
  ]);
  it.each(combinations)(
    "has any combination of duration, size, flags and offset: %i",
    async (_, fields = 0) => {
      for (const first of [0, 4]) {
        const sample = [
          ...(fields & 0x100 ? [1000] : []),
          ...(fields & 0x200 ? [10] : []),
          ...(fields & 0x400 ? [0x1010000] : []),
          ...(fields & 0x800 ? [0] : []),
        ];
        const run: Run = {
          flags: 1 | first | fields,
          first: first ? [0x2000000] : [],
          samples: [sample, sample, sample, sample],
        };
        const fragment = moof([(offset) => [tfhd(0x20000, 1), trun(run, offset)]]);
        expect(await summaryOf(file([fragment, mdat(40)]))).toBe(intact);
        expect(await summaryOf(file([fragment, mdat(39)]))).toBe(`${intact}; cut-short media data by 1`);
      }
    },
  );
  it("has no more samples than its box has room for", async () => {
    const run: Run = {
      flags: 0x301,
      samples: [
        [1000, 10],
        [1000, 10],
      ],
      count: 2 ** 31,
    };
    const fragment = moof([(offset) => [tfhd(0x20000, 1), trun(run, offset)]]);
    expect(await summaryOf(file([fragment, mdat(20)]))).toBe("2 in 0.083333 video-track");
  });
  it("sums its durations and sizes", async () => {
    const samples = [
      [1000, 10],
      [1000, 20],
      [2000, 30],
      [4000, 0],
    ];
    const fragment = moof([(offset) => [tfhd(0x20000, 1), trun({ flags: 0x301, samples }, offset)]]);
    const evidence = await read(file([fragment, mdat(60)]));
    expect(summary(evidence)).toBe("4 in 0.333333 video-track");
    expect(evidence.facts.frameRateMode).toBe("variable");
    expect(await summaryOf(file([fragment, mdat(59)]))).toContain("cut-short media data by 1");
  });
  it("without a data offset follows the previous one", async () => {
    const more: Run = { flags: 0x200, samples: [[30]] };
    const fragment = moof([(offset) => [tfhd(0x20000, 1), trun({ count: 2 }, offset), trun(more, 0)]]);
    expect(await summaryOf(file([fragment, mdat(50)]))).toBe("3 in 0.125 video-track");
    expect(await summaryOf(file([fragment, mdat(49)]))).toContain("by 1");
  });
  it("starts with a composition offset, which an edit may remove", async () => {
    const head: TrackMade = { ...none, edits: [[0, 2000]] };
    const run: Run = { flags: 0x801, samples: [[2000], [4000], [2000], [2000]] };
    const fragment = moof([(offset) => [tfhd(0x20000, 1), trun(run, offset)]]);
    expect(await summaryOf(file([fragment, mdat(40)], { head }))).toBe("4 in 0.166667 video-track");
    const without = moof([(offset) => [tfhd(0x20000, 1), trun({ count: 4 }, offset)]]);
    expect(await summaryOf(file([without, mdat(40)], { head }))).toBe("4 in 0.083333 video-track");
  });
  it("is complete under the last edit list, which was written before it", async () => {
    const fragment = moof([(offset) => [tfhd(0x20000, 1), trun({ count: 48 }, offset)]]);
    const edited = (edits: TrackMade["edits"]): Promise<string> =>
      summaryOf(file([fragment, mdat(480)], { head: { ...none, edits: edits ?? [] } }));
    expect(await edited([[100, 0]])).toBe("48 in 2 video-track");
    expect(
      await edited([
        [500, -1],
        [100, 0],
      ]),
    ).toBe("48 in 2.5 video-track");
    // A tenth of a second less than there is, is no other claim.
    expect(await edited([[0, 2400]])).toBe("48 in 1.9 video-track");
    expect(await edited([[0, 2424]])).toBe("48 in 1.899 video-track, 2 sample-table");
    // Edits before the last are applied as stated.
    expect(
      await edited([
        [500, 0],
        [100, 36_000],
      ]),
    ).toBe("48 in 1 video-track, 2 sample-table");
    expect(
      await edited([
        [500, 0],
        [0, 24_000],
      ]),
    ).toBe("48 in 1.5 video-track, 2 sample-table");
  });
  it("of an unknown track still counts its bytes", async () => {
    const fragment = moof([
      (offset) => [tfhd(0x20000, 1), trun({ count: 4 }, offset)],
      (offset) => [tfhd(0x20018, 9, 500, 10), trun({ count: 2 }, offset + 40)],
      (offset) => [tfhd(0x20000, 9), trun({ flags: 0x301, samples: [[1, 5]] }, offset + 60)],
    ]);
    expect(await summaryOf(file([fragment, mdat(65)]))).toBe(intact);
    expect(await summaryOf(file([fragment, mdat(64)]))).toBe(`${intact}; cut-short media data by 1`);
    const first = moof([(offset) => [tfhd(0x20000, 9), trun({ count: 4 }, offset)]]);
    expect((await read(file([first, mdat(40)]))).damage.map((d) => d.code)).toEqual(["no-media-data"]);
  });
});

describe("a tfhd box", () => {
  const four: Run = { count: 4 };
  it("may state a base offset, a description, a duration and a size", async () => {
    const start = file([]).length;
    // Offset 0 from a base that is the media's own place.
    const fields = (flags: number): number[] => [
      ...(flags & 1 ? [0, start + moofLength(flags) + 8] : []),
      ...(flags & 2 ? [1] : []),
      ...(flags & 8 ? [2000] : []),
      ...(flags & 16 ? [20] : []),
      ...(flags & 32 ? [0] : []),
    ];
    const moofLength = (flags: number): number => {
      const count = (flags & 1 ? 2 : 0) + [2, 8, 16, 32].filter((f) => flags & f).length;
      return 8 + 16 + 8 + (16 + 4 * count) + 20;
    };
    for (let flags = 0; flags < 64; flags++) {
      if (flags & 4) continue;
      const bytes = 4 * (flags & 16 ? 20 : 10);
      const seconds = (4 * (flags & 8 ? 2000 : 1000)) / 24_000;
      const fragment = moof([
        (offset) => [
          tfhd((flags & 1 ? 0 : 0x20000) | flags, 1, ...fields(flags)),
          trun(four, flags & 1 ? 0 : offset),
        ],
      ]);
      expect(fragment.length).toBe(moofLength(flags));
      const expected = `4 in ${Number(seconds.toFixed(6))} video-track`;
      expect([flags, await summaryOf(file([fragment, mdat(bytes)]))]).toEqual([flags, expected]);
      expect([flags, await summaryOf(file([fragment, mdat(bytes - 1)]))]).toEqual([
        flags,
        `${expected}; cut-short media data by 1`,
      ]);
    }
  });
  it("without base offset counts from the moof, a second track's from the end of the first", async () => {
    const fragment = moof([
      (offset) => [tfhd(0, 1), trun(four, offset)],
      () => [tfhd(0, 2), trun({ flags: 0, count: 3 }, 0)],
    ]);
    const boxes = [trex(), trex(2, 1000, 7)];
    const also = [track({ ...none, id: 2, handler: "text" })];
    expect(await summaryOf(file([fragment, mdat(61)], { extends: boxes, also }))).toBe(
      "4 in 0.166667 video-track",
    );
    expect(await summaryOf(file([fragment, mdat(60)], { extends: boxes, also }))).toContain(
      "cut-short media data by 1",
    );
  });
  it("uses the track's defaults, and nothing if there are none", async () => {
    const fragment = moof([(offset) => [tfhd(0x20000, 1), trun(four, offset)]]);
    expect(await summaryOf(file([fragment, mdat(80)], { extends: [trex(1, 3000, 20)] }))).toBe(
      "4 in 0.5 video-track",
    );
    expect(await summaryOf(file([fragment, mdat(79)], { extends: [trex(1, 3000, 20)] }))).toContain("by 1");
    expect(await summaryOf(file([fragment, mdat(0)], { extends: [trex(7)] }))).toBe("4 in ");
    const short = full("trex", 0, 0, words(1, 1, 3000, 20));
    expect(await summaryOf(file([fragment, mdat(0)], { extends: [short] }))).toBe("4 in ");
  });
});

describe("decode times in tfdt", () => {
  const fragment = (time: number, wide: boolean): Uint8Array =>
    moof([(offset) => [tfhd(0x20000, 1), tfdt(time, wide), trun({ count: 4 }, offset)]]);
  it.each([false, true])("of 64 bits: %s", async (wide) => {
    const two = (start: number, next: number): Promise<string> =>
      summaryOf(file([fragment(start, wide), mdat(40), fragment(next, wide), mdat(40)]));
    expect(await two(0, 4000)).toBe("8 in 0.333333 video-track");
    expect(await two(24_000, 48_000)).toBe("8 in 1.166667 video-track");
    // A clock that goes back is no shorter than its samples.
    expect(await two(48_000, 0)).toBe("8 in 0.333333 video-track");
    if (wide) expect(await two(2 ** 40, 2 ** 40 + 24_000)).toBe("8 in 1.166667 video-track");
  });
  it("continue from the samples in the moov", async () => {
    const media = mdat(40);
    const whole = movie(
      [
        track({
          stts: [[4, 1000]],
          sizes: full("stsz", 0, 0, words(10, 4)),
          runs: full("stsc", 0, 0, words(1, 1, 4, 1)),
        }),
      ],
      {
        media: 40,
        inside: [mvex(trex())],
        after: [fragment(24_000, false), media],
      },
    );
    expect(await summaryOf(whole)).toBe("8 in 1.166667 video-track");
  });
});

describe("the total duration that a header states", () => {
  const fragment = moof([(offset) => [tfhd(0x20000, 1), trun({ count: 48 }, offset)]]);
  const claimed = (mehd: Uint8Array, stated = 0): Promise<string> =>
    summaryOf(file([fragment, mdat(480)], { extends: [mehd, trex()], stated }));
  it.each([
    ["longer, in 32 bits", full("mehd", 0, 0, words(9000)), "48 in 2 video-track, 9 container"],
    ["longer, in 64 bits", full("mehd", 1, 0, words(0, 9000)), "48 in 2 video-track, 9 container"],
    ["very long", full("mehd", 1, 0, words(1, 0)), "48 in 2 video-track, 4294967.296 container"],
    ["64 bits that are cut", full("mehd", 1, 0, words(9000)), "48 in 2 video-track, 9 container"],
    ["shorter", full("mehd", 0, 0, words(1000)), "48 in 2 video-track"],
    ["not", full("mehd", 0, 0, words(0)), "48 in 2 video-track"],
    ["too short to tell", box("mehd", words(0)), "48 in 2 video-track"],
    ["in another box", full("free", 0, 0, words(9000)), "48 in 2 video-track"],
  ])("%s", async (_, mehd, expected) => expect(await claimed(mehd)).toBe(expected));
  it("is mvhd's if mehd is absent or zero", async () => {
    expect(await claimed(full("mehd", 0, 0, words(0)), 5000)).toBe("48 in 2 video-track, 5 container");
    expect(await claimed(full("mehd", 0, 0, words(9000)), 5000)).toBe("48 in 2 video-track, 9 container");
  });
});

describe("a segment index", () => {
  const fragment = moof([(offset) => [tfhd(0x20000, 1), trun({ count: 4 }, offset)]]);
  const segment = concat(fragment, mdat(40));
  /** `first`: bytes between it and the first subsegment. */
  const sidx = (wide: boolean, first: number, ...sizes: number[]): Uint8Array =>
    full(
      "sidx",
      wide ? 1 : 0,
      0,
      words(
        1,
        24_000,
        ...(wide ? [0, 0, 0, first] : [0, first]),
        sizes.length,
        ...sizes.flatMap((size) => [size, 0, 0]),
      ),
    );
  const of = async (index: Uint8Array): Promise<string[]> =>
    (await read(file([index, segment]))).damage.map(
      (d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part} by ${d.missing}`,
    );
  it.each([false, true])("that states more bytes makes a cut likely; of 64 bits: %s", async (wide) => {
    const n = segment.length;
    expect(await of(sidx(wide, 0, n))).toEqual([]);
    expect(await of(sidx(wide, 0, n + 1))).toEqual(["perhaps cut-short sidx by 1"]);
    expect(await of(sidx(wide, 0, n - 20, 20))).toEqual([]);
    expect(await of(sidx(wide, 0, n, 500, 7))).toEqual(["perhaps cut-short sidx by 507"]);
    expect(await of(sidx(wide, 5, n))).toEqual(["perhaps cut-short sidx by 5"]);
    // The top bit is the type of a reference, not part of its size.
    expect(await of(sidx(wide, 0, (0x80000000 | n) >>> 0))).toEqual([]);
    expect(await of(sidx(wide, 0))).toEqual([]);
  });
  it("that is cut, or states more entries than it has, is read as far as possible", async () => {
    const whole = sidx(false, 0, segment.length, 999);
    const stated = whole.slice();
    // Three references are stated, two are there.
    new DataView(stated.buffer).setUint16(8 + 4 + 16 + 2, 3);
    expect(await of(stated)).toEqual(["perhaps cut-short sidx by 999"]);
    expect(await of(full("sidx", 0, 0, words(1, 24_000, 0, 0)))).toEqual([]);
    expect(await of(full("sidx", 0, 0, words(1)))).toEqual([]);
  });
});

describe("missing bytes of a fragmented file", () => {
  const fragment = moof([(offset) => [tfhd(0x20000, 1), trun({ count: 4 }, offset)]]);
  const codes = async (bytes: Uint8Array): Promise<string[]> =>
    (await read(bytes)).damage.map(
      (d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part} by ${d.missing}`,
    );
  it("belong to the media, to the fragment, or to nothing needed", async () => {
    const whole = file([fragment, mdat(40)]);
    expect(await codes(whole)).toEqual([]);
    expect(await codes(whole.subarray(0, -5))).toEqual(["cut-short mdat by 5"]);
    const spare = file([fragment, mdat(45)]);
    expect(await codes(spare.subarray(0, -5))).toEqual(["perhaps cut-short mdat by 5"]);
    const two = file([fragment, mdat(40), fragment]);
    expect(await codes(two.subarray(0, -5))).toEqual([expect.stringMatching(/^cut-short moof by 5$/)]);
    for (const type of ["free", "skip", "udta", "mfra"])
      expect(await codes(concat(whole, words(20), new TextEncoder().encode(type), words(0)))).toEqual([
        `perhaps cut-short ${type} by 8`,
      ]);
    expect(await codes(concat(whole, words(20), new TextEncoder().encode("zzzz"), words(0)))).toEqual([]);
  });
  it("without a segment index belong to the index or are unknown", async () => {
    expect(await codes(concat(ftyp, mdat(40)))).toEqual(["no-index moov by null"]);
    expect(await codes(concat(ftyp, fragment))).toEqual(["no-index moov by null"]);
    expect(await codes(concat(ftyp, box("free")))).toEqual(["no-tracks moov by null"]);
    expect(await codes(concat(ftyp, mdat(40).subarray(0, -4)))).toEqual(["cut-short mdat by 4"]);
    expect(await codes(concat(ftyp, words(20), new TextEncoder().encode("free")))).toEqual([
      "no-tracks moov by null",
    ]);
    const moov = movie([track(none)], { media: 0 }).subarray(ftyp.length + 8);
    expect(await codes(concat(ftyp, moov.subarray(0, -3)))).toContain("cut-short moov by 3");
  });
  it("are detected by a read if the size of the source is unknown", async () => {
    const { readEvidence } = await import("../read-evidence.ts");
    const { fromBytes } = await import("../../../src/bytes/memory.ts");
    const of = async (bytes: Uint8Array) =>
      (await readEvidence({ ...fromBytes(bytes), size: null })).damage.map((d) => d.code);
    const whole = file([fragment, mdat(40)]);
    expect(await of(whole)).toEqual([]);
    expect(await of(whole.subarray(0, -1))).toEqual(["cut-short"]);
    expect(await of(movie([track()]))).toEqual([]);
  });
});

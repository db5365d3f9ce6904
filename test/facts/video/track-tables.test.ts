import { describe, expect, it } from "vitest";
import { ascii, box, concat, words } from "../../../fixtures/make/mp4-edit.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import {
  audioEntry,
  bytes,
  full,
  type MovieMade,
  mediaAt,
  movie,
  pictureEntry,
  shorts,
  type TrackMade,
  track,
} from "./movies.ts";
import { readCounted } from "./read-counted.ts";

/* Headers, edits, rates and sample tables, in every form that they may have. */

const readMovie = async (tracks: Uint8Array[], made?: MovieMade): Promise<Evidence> =>
  (await readCounted(movie(tracks, made))).evidence;
const readTrack = (made: TrackMade, more?: MovieMade): Promise<Evidence> => readMovie([track(made)], more);
const near = (value: number): number => Number(value.toFixed(6));
const durations = ({ durations: all }: Evidence): string =>
  all.map((d) => `${near(d.value)} ${d.from}`).join(", ");
const rates = ({ frameRates, facts }: Evidence): string =>
  `${facts.frameRateMode}: ${frameRates.map((f) => `${near(f.value)} ${f.from}`).join(", ")}`;
const sizes = (e: Evidence): string => e.sizes.map((s) => `${s.width}×${s.height} ${s.from}`).join(", ");
const damage = (e: Evidence): string[] =>
  e.damage.map((d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part} at ${d.at} by ${d.missing}`);

describe("movie and track headers", () => {
  it("may have 64-bit times", async () => {
    for (const version of [0, 1]) {
      const evidence = await readMovie([track({ version }), track({ id: 2, handler: "soun", version })], {
        version,
        stated: 2000,
      });
      expect(evidence.facts).toMatchObject({
        width: 640,
        duration: 2,
        frameRate: 24,
        frames: 48,
        audioCodec: "aac",
      });
      expect(evidence.damage).toEqual([]);
      expect(durations(evidence)).toBe("2 video-track");
    }
    const long = await readTrack({}, { version: 1, stated: 2 ** 33, timescale: 2 ** 20 });
    expect(durations(long)).toBe(`2 video-track, ${2 ** 13} container`);
  });
  it("of either version rotate and stretch the picture, and have a track id", async () => {
    const matrix = [0, 65_536, 0, -65_536, 0, 0, 0, 0, 0x40000000];
    for (const version of [0, 1]) {
      const evidence = await readTrack({ version, matrix, width: 1280, height: 481, timescale: 48_000 });
      expect([version, evidence.facts.rotation, sizes(evidence)]).toEqual([
        version,
        90,
        "480×1277 display, 480×640 coded",
      ]);
      expect(durations(evidence)).toBe("1 video-track");
      // Pictures that an audio track references as chapters are no video.
      const chapters = box("tref", box("chap", words(9, 7)));
      const sound = track({ id: 2, handler: "soun", more: [chapters] });
      expect((await readMovie([track({ id: 7, version }), sound])).format).toBe("m4a");
      expect((await readMovie([track({ id: 8, version }), sound])).format).toBe("mp4");
    }
  });
  it("have no duration if it is zero or all ones", async () => {
    for (const [version, stated] of [
      [0, 0],
      [0, 0xffffffff],
      [1, 0],
      [1, 2 ** 64],
    ] as const)
      expect(durations(await readTrack({}, { version, stated }))).toBe("2 video-track");
    expect(durations(await readTrack({}, { stated: 0xfffffffe }))).toContain("container");
  });
  it("that are too short give nothing", async () => {
    const short = (type: string, length: number): Promise<Evidence> => {
      const file = movie(
        [track({ width: 320, height: 240, matrix: [0, 65536, 0, -65536, 0, 0, 0, 0, 0x40000000] })],
        { stated: 9000 },
      );
      const at = Buffer.from(file).indexOf(type, "latin1");
      const size = Buffer.from(file).readUInt32BE(at - 4);
      // The rest of the box becomes a free one.
      const changed = file.slice();
      changed.set(words(length), at - 4);
      if (size - length >= 8) changed.set(concat(words(size - length), ascii("free")), at - 4 + length);
      return readCounted(changed).then((e) => e.evidence);
    };
    // 84 bytes after the header of eight.
    expect((await short("tkhd", 92)).facts).toMatchObject({ rotation: 90 });
    expect((await short("tkhd", 84)).facts).toMatchObject({ rotation: 0, width: 640 });
    expect(durations(await short("mvhd", 28))).toBe("2 video-track, 9 container");
    expect(durations(await short("mvhd", 20))).toBe("2 video-track");
    expect((await short("mdhd", 20)).facts.duration).toBe(9);
  });
  it("without a time scale have no duration", async () =>
    expect(durations(await readTrack({}, { timescale: 0, stated: 5000 }))).toBe("2 video-track"));
});

describe("rotation and shape", () => {
  const one = 65_536;
  const turns: [string, number[], number, string][] = [
    ["upright", [one, 0, 0, 0, one], 0, "640×480 display"],
    ["a quarter", [0, one, 0, -one, 0], 90, "480×640 display"],
    ["a half", [-one, 0, 0, 0, -one], 180, "640×480 display"],
    ["three quarters", [0, -one, 0, one, 0], 270, "480×640 display"],
  ];
  it.each(turns)("%s, by the track's matrix and by the movie's", async (_, matrix, rotation, expected) => {
    const whole = [...matrix, 0, 0, 0, 0x40000000];
    for (const evidence of [await readTrack({ matrix: whole }), await readTrack({}, { matrix: whole })])
      expect([evidence.facts.rotation, sizes(evidence)]).toEqual([rotation, expected]);
  });
  it("by both matrices: rotations add up", async () => {
    const quarter = [0, one, 0, -one, 0, 0, 0, 0, 0x40000000];
    expect((await readTrack({ matrix: quarter }, { matrix: quarter })).facts.rotation).toBe(180);
  });
  it("a matrix stretches the picture unless by less than 1 %", async () => {
    const stretched = (x: number) => readTrack({ matrix: [one * x, 0, 0, 0, one, 0, 0, 0, 0x40000000] });
    expect(sizes(await stretched(2))).toBe("1280×480 display, 640×480 coded");
    expect(sizes(await stretched(0.5))).toBe("320×480 display, 640×480 coded");
    expect(sizes(await stretched(1.0099))).toBe("640×480 display");
    expect(sizes(await stretched(1.02))).toBe("653×480 display, 640×480 coded");
    const flat = await readTrack({ matrix: [0, 0, 0, 0, 0, 0, 0, 0, 0x40000000] });
    expect(sizes(flat)).toBe("640×480 display");
  });
  it("the track header's size shapes the picture if its ratio differs", async () => {
    expect(sizes(await readTrack({ width: 1280 }))).toBe("1280×480 display, 640×480 coded");
    expect(sizes(await readTrack({ width: 640.4 }))).toBe("640×480 display");
    expect(sizes(await readTrack({ width: 0 }))).toBe("640×480 display");
    expect(sizes(await readTrack({ height: 0 }))).toBe("640×480 display");
    // pasp outranks it.
    const entry = pictureEntry(640, 480, box("pasp", words(1, 1)));
    const both = await readTrack({ entry, width: 1280 });
    expect(sizes(both)).toBe("640×480 display, 1280×480 track-header");
    expect(both.unusual).toContain("contradiction");
  });
  it("a size that differs by sixteen or more is another reading, rotated or not", async () => {
    const entry = pictureEntry(640, 480, box("pasp", words(1, 1)));
    const claimed = async (width: number, height: number): Promise<string> =>
      sizes(await readTrack({ entry, width, height }));
    expect(await claimed(655, 495)).toBe("640×480 display");
    expect(await claimed(656, 480)).toBe("640×480 display, 656×480 track-header");
    expect(await claimed(640, 496)).toBe("640×480 display, 640×496 track-header");
    expect(await claimed(480, 640)).toBe("640×480 display");
    expect(await claimed(495, 655)).toBe("640×480 display");
    expect(await claimed(496, 640)).toBe("640×480 display, 496×640 track-header");
    expect(await claimed(480, 656)).toBe("640×480 display, 480×656 track-header");
  });
});

describe("edit lists", () => {
  const edited = async (edits: TrackMade["edits"], more: TrackMade = {}): Promise<string> =>
    durations(await readTrack({ edits: edits ?? [], ...more }));
  it.each([0, 1])("of version %i show a part, nothing, a still, or the rest", async (editsVersion) => {
    const of = (...edits: [number, number, number?][]) => edited(edits, { editsVersion });
    expect(await of([1000, 0])).toBe("1 video-track");
    expect(await of([2000, 0])).toBe("2 video-track");
    expect(await of([9000, 0])).toBe("2 video-track");
    expect(await of([2000, 12_000])).toBe("1.5 video-track");
    expect(await of([2000, 48_000])).toBe("");
    expect(await of([500, -1], [2000, 0])).toBe("2.5 video-track");
    expect(await of([0, 12_000])).toBe("1.5 video-track");
    expect(await of([9000, 0, 0])).toBe("9 video-track");
    expect(await of([500, 0], [500, 24_000])).toBe("1 video-track");
  });
  it("subtract the delay of a B-frame stream only once", async () => {
    const ctts: [number, number][] = [
      [1, 2000],
      [1, 4000],
      [46, 2000],
    ];
    expect(await edited([[2000, 2000]], { ctts })).toBe("2 video-track");
    expect(await edited([[2000, 6000]], { ctts })).toBe("1.916667 video-track");
    expect(await edited([[0, 2000]], { ctts })).toBe("2 video-track");
    expect(await edited([[0, 8000]], { ctts })).toBe("1.75 video-track");
    // The last of many that are looked at.
    expect(
      await edited([[2000, 6000]], {
        ctts: [
          [1, 0],
          [1, 6000],
        ],
      }),
    ).toBe("2 video-track");
  });
  it("without entries have no effect", async () => expect(await edited([])).toBe("2 video-track"));
});

describe("reported durations", () => {
  const audioTrackOf = (ticks: number): Uint8Array =>
    track({ id: 2, handler: "soun", timescale: 1000, stts: [[48, ticks / 48]] });
  it("the audio track's only if it is longer, the longest first", async () => {
    expect(durations(await readMovie([track(), audioTrackOf(1200)]))).toBe("2 video-track");
    expect(durations(await readMovie([track(), audioTrackOf(2400)]))).toBe("2.4 audio-track, 2 video-track");
    expect(durations(await readMovie([audioTrackOf(2400)]))).toBe("2.4 audio-track");
    expect(durations(await readMovie([track({ timescale: 0 }), audioTrackOf(1200)]))).toBe("1.2 audio-track");
  });
  it("a header's even if it is close: a limit may be between them", async () => {
    expect(durations(await readTrack({}, { stated: 2000 }))).toBe("2 video-track");
    expect(durations(await readTrack({}, { stated: 2001 }))).toBe("2 video-track, 2.001 container");
    expect(durations(await readTrack({ stts: [[48, 999]] }, { stated: 2000 }))).toBe(
      "1.998 video-track, 2 container",
    );
  });
  it("the media header's after edits, and the track header's", async () => {
    expect(durations(await readTrack({ stated: 5856 }))).toBe("2 video-track, 0.244 media-header");
    expect(durations(await readTrack({ stated: 47_999 }))).toBe("2 video-track, 1.999958 media-header");
    expect(durations(await readTrack({ presented: 1999 }))).toBe("2 video-track, 1.999 track-header");
    const edits: TrackMade["edits"] = [[1500, 0]];
    expect(durations(await readTrack({ edits }))).toBe("1.5 video-track");
    expect(durations(await readTrack({ edits, stated: 40_000 }))).toBe("1.5 video-track");
    expect(durations(await readTrack({ edits, stated: 24_000 }))).toBe("1.5 video-track, 1 media-header");
    expect((await readTrack({ stated: 24_000 })).unusual).toContain("contradiction");
  });
  it("a header's first if it omits an initial empty edit", async () => {
    const edits: TrackMade["edits"] = [
      [500, -1],
      [2000, 0],
    ];
    expect(durations(await readTrack({ edits }, { stated: 2000 }))).toBe("2 container, 2.5 video-track");
    expect(durations(await readTrack({ edits }, { stated: 2029 }))).toBe("2.029 container, 2.5 video-track");
    expect(durations(await readTrack({ edits }, { stated: 2031 }))).toBe("2.5 video-track, 2.031 container");
    expect(durations(await readTrack({ edits }, { stated: 1969 }))).toBe("2.5 video-track, 1.969 container");
    // The presentation starts with the audio, or with a visible edit.
    const audioTrack = track({ id: 2, handler: "soun" });
    expect(durations(await readMovie([track({ edits }), audioTrack], { stated: 2000 }))).toBe(
      "2.5 video-track, 2 container",
    );
    const both = track({ id: 2, handler: "soun", edits });
    expect(durations(await readMovie([track({ edits }), both], { stated: 2000 }))).toBe(
      "2 container, 2.5 video-track",
    );
    const later: TrackMade["edits"] = [
      [500, 0],
      [500, -1],
      [1500, 12_000],
    ];
    expect(durations(await readTrack({ edits: later }, { stated: 2000 }))).toBe(
      "2.5 video-track, 2 container",
    );
  });
  it("half a second of difference triggers a cross-check", async () => {
    expect((await readTrack({}, { stated: 2500 })).unusual).not.toContain("contradiction");
    expect((await readTrack({}, { stated: 2501 })).unusual).toContain("contradiction");
    expect((await readTrack({}, { stated: 1499 })).unusual).toContain("contradiction");
  });
});

describe("frame rates from sample durations", () => {
  const of = async (timescale: number, ...stts: [number, number][]): Promise<string> => {
    const count = stts.reduce((sum, [n]) => sum + n, 0);
    return rates(
      await readTrack({
        timescale,
        stts,
        sizes: full("stsz", 0, 0, words(1, count)),
        runs: full("stsc", 0, 0, words(1, 1, count, 1)),
      }),
    );
  };
  it("with more distinct durations than counted are variable", async () => {
    const steps = Array.from({ length: 5000 }, (_, i): [number, number] => [1, 100 + i]);
    expect(await of(1000, ...steps, [9, 42])).toMatch(/^variable: /);
  });
  it.each([
    [24_000, [[48, 1000]], "constant: 24 average"],
    // As many of one step as of another: the first.
    [
      1000,
      [
        [20, 40],
        [20, 50],
        [1, 1],
      ],
      "variable: 22.76513 average, 25 nominal",
    ],
    [24_000, [[48, 1001]], "constant: 23.976024 average, 24 nominal"],
    [30_000, [[48, 1001]], "constant: 29.97003 average, 30 nominal"],
    [60_000, [[48, 1001]], "constant: 59.94006 average, 60 nominal"],
    [1000, [[2, 40]], "constant: 25 average"],
    // Milliseconds: 16 and 17 are 60 a second, 33 and 34 are 30; 8 is the minimum at which rounding is assumed.
    [
      1000,
      [
        [16, 17],
        [32, 16],
        [1, 16],
      ],
      expect.stringContaining("constant: "),
    ],
    [
      100,
      [
        [20, 8],
        [20, 9],
      ],
      expect.stringContaining("constant: "),
    ],
    [
      100,
      [
        [20, 7],
        [20, 8],
      ],
      "variable: 13.333333 average, 14.285714 nominal",
    ],
    [
      1000,
      [
        [20, 40],
        [20, 42],
      ],
      "variable: 24.390244 average, 25 nominal",
    ],
    [
      1000,
      [
        [20, 40],
        [30, 50],
      ],
      "variable: 21.73913 average, 20 nominal",
    ],
    [
      1000,
      [
        [20, 50],
        [20, 40],
      ],
      "variable: 22.222222 average, 20 nominal",
    ],
    // The last sample's duration does not count.
    [
      1000,
      [
        [20, 40],
        [1, 7],
      ],
      "constant: 26.022305 average, 25 nominal",
    ],
    [
      1000,
      [
        [1, 40],
        [1, 80],
      ],
      "constant: 16.666667 average, 25 nominal",
    ],
    [
      1000,
      [
        [20, 40],
        [1, 41],
      ],
      "constant: 24.970273 average, 25 nominal",
    ],
    // A correction below zero, as a few files have.
    [
      1000,
      [
        [20, 40],
        [1, -40],
      ],
      "constant: 27.631579 average, 25 nominal",
    ],
  ] as [number, [number, number][], string][])("%i ticks per second, %j", async (timescale, stts, expected) =>
    expect(await of(timescale, ...stts)).toEqual(expected),
  );
  it("are unknown for one sample, none, no time or no time scale", async () => {
    const none = "null: ";
    expect(await of(1000, [1, 40])).toBe(none);
    expect(await of(1000, [48, 0])).toBe(none);
    expect(await of(0, [48, 40])).toBe(none);
    expect(await of(1000, [0, 40], [2, 40])).toBe("constant: 25 average");
    const missing = await readTrack({ stts: [] });
    expect(missing.unread.map((u) => u.fact)).toEqual([]);
    expect(damage(missing)).toEqual(["no-media-data video track at null by null"]);
  });
});

describe("sample tables", () => {
  const sized = (...list: number[]): Uint8Array => full("stsz", 0, 0, words(0, list.length, ...list));
  const compact = (bits: number, count: number, ...packed: number[]): Uint8Array =>
    full("stz2", 0, 0, words(bits, count), bytes(...packed));
  const offsets = (...list: number[]): Uint8Array => full("stco", 0, 0, words(list.length, ...list));
  const runs = (...list: [first: number, per: number][]): Uint8Array =>
    full("stsc", 0, 0, words(list.length, ...list.flatMap(([first, per]) => [first, per, 1])));
  /** What is missing of `media` bytes of data, where the tables are these. */
  const missing = async (made: TrackMade, media: number): Promise<string> => {
    // The index first, so that the data may end too early.
    const whole = movie([track(made)], { media: 0 });
    const moov = whole.subarray(ftypLength + 8);
    return damage(
      (await readCounted(concat(whole.subarray(0, ftypLength), moov, box("mdat", new Uint8Array(media)))))
        .evidence,
    ).join();
  };
  const ftypLength = mediaAt - 8;
  /** Where the media data begin in a file whose index comes first. */
  const offsetAfter = (made: TrackMade): number => movie([track(made)], { media: 0 }).length;
  const stts: [number, number][] = [[4, 1000]];
  const laid = async (made: TrackMade, chunks: (at: number) => Uint8Array, needed: number): Promise<void> => {
    const at = offsetAfter({ stts, ...made, chunks: chunks(0) });
    const placed = { stts, ...made, chunks: chunks(at) };
    expect(await missing(placed, needed)).toBe("");
    expect(await missing(placed, needed - 1)).toBe(`cut-short media data at null by 1`);
  };
  it.each([
    ["fixed sizes", full("stsz", 0, 0, words(25, 4)), 100],
    ["a list of sizes", sized(10, 20, 30, 40), 100],
    ["sizes of 16 bits", compact(16, 4, 0, 10, 0, 20, 0, 30, 0, 40), 100],
    ["sizes of 8 bits", compact(8, 4, 10, 20, 30, 40), 100],
  ])("%s, in one chunk", async (_, table, total) =>
    laid({ sizes: table, runs: runs([1, 4]) }, (at) => offsets(at), total),
  );
  it("sizes of 4 bits are not summed", async () => {
    const made = { stts, sizes: compact(4, 4, 0x12, 0x34), runs: runs([1, 4]) };
    const at = offsetAfter({ ...made, chunks: offsets(0) });
    expect(await missing({ ...made, chunks: offsets(at) }, 0)).toBe("");
  });
  it("64-bit offsets", async () =>
    laid(
      { sizes: sized(10, 20, 30, 40), runs: runs([1, 4]) },
      (at) => full("co64", 0, 0, words(1, 0, at)),
      100,
    ));
  it("an offset beyond 4 GB is missing by the difference", async () => {
    const made = {
      stts,
      sizes: sized(10, 20, 30, 40),
      runs: runs([1, 4]),
      chunks: full("co64", 0, 0, words(1, 2, 0)),
    };
    const evidence = await readTrack(made);
    expect(evidence.damage).toMatchObject([
      { code: "cut-short", missing: 2 ** 33 + 100 - movie([track(made)]).length },
    ]);
  });
  it("the chunk that is last in the file decides, wherever the table lists it", async () => {
    const two = runs([1, 2]);
    await laid({ sizes: sized(10, 20, 30, 40), runs: two }, (at) => offsets(at, at + 50), 120);
    await laid({ sizes: sized(10, 20, 30, 40), runs: two }, (at) => offsets(at + 70, at), 100);
    await laid({ sizes: full("stsz", 0, 0, words(25, 4)), runs: two }, (at) => offsets(at + 70, at), 120);
  });
  it("chunks with varying numbers of samples", async () => {
    await laid(
      { sizes: sized(10, 20, 30, 40), runs: runs([1, 1], [2, 2], [3, 1]) },
      (at) => offsets(at, at + 10, at + 60),
      100,
    );
    await laid(
      { sizes: sized(10, 20, 30, 40), runs: runs([1, 1], [3, 2]) },
      (at) => offsets(at, at + 10, at + 30),
      100,
    );
    // A last chunk with fewer samples than its run states.
    await laid({ sizes: sized(10, 20, 30, 40), runs: runs([1, 3]) }, (at) => offsets(at, at + 60), 100);
  });
  it("QuickTime's packets of compressed audio", async () => {
    const packets = concat(words(64, 34, 68, 2));
    const entry = box("ima4", words(0, 1), shorts(1, 0, 0, 0, 2, 16, 0, 0), words(48_000 * 65_536), packets);
    const made: TrackMade = {
      handler: "soun",
      entry,
      stts: [[640, 1]],
      sizes: full("stsz", 0, 0, words(1, 640)),
      runs: runs([1, 640]),
    };
    // 640 samples are ten packets of 68 bytes.
    await laid(made, (at) => offsets(at), 680);
  });
  it("tables that contradict each other are suspected", async () => {
    const summary = async (made: TrackMade): Promise<string[]> => damage(await readTrack({ stts, ...made }));
    const malformed = "perhaps malformed sample table at null by null";
    const intact = { sizes: sized(10, 20, 30, 40), runs: runs([1, 4]) };
    expect(await summary(intact)).toEqual([]);
    expect(
      await summary({ ...intact, sizes: full("stsz", 0, 0, words(0, 5, 10, 20, 30, 40)), stts: [[5, 1000]] }),
    ).toEqual([malformed]);
    expect(await summary({ ...intact, chunks: full("stco", 0, 0, words(2, mediaAt)) })).toEqual([malformed]);
    expect(await summary({ ...intact, runs: full("stsc", 0, 0, words(2, 1, 4, 1)) })).toEqual([malformed]);
    expect(await summary({ ...intact, chunks: offsets() })).toEqual([malformed]);
    expect(await summary({ ...intact, runs: runs() })).toEqual([malformed]);
    expect(await summary({ ...intact, stts: [] })).toContain("no-media-data video track at null by null");
    // Samples that no chunk holds; one chunk's worth less is a writer's slip.
    expect(await summary({ ...intact, runs: runs([1, 2]) })).toEqual([]);
    expect(await summary({ ...intact, runs: runs([1, 1]) })).toEqual([malformed]);
  });
  it("of a table with too many chunks, only the first and last are examined", async () => {
    const many = 131_073;
    const list = new Uint32Array(many).fill(0).map((_, i) => mediaAt + (i % 400));
    const table = (change: (view: DataView) => void): Uint8Array => {
      const body = Buffer.alloc(4 + many * 4);
      body.writeUInt32BE(many, 0);
      for (const [i, offset] of list.entries()) body.writeUInt32BE(offset, 4 + i * 4);
      change(new DataView(body.buffer, body.byteOffset));
      return full("stco", 0, 0, body);
    };
    const of = async (change: (view: DataView) => void): Promise<string[]> =>
      damage(
        await readTrack({
          stts: [[many, 10]],
          sizes: full("stsz", 0, 0, words(1, many)),
          runs: runs([1, 1]),
          chunks: table(change),
        }),
      );
    expect(await of(() => {})).toEqual([]);
    for (const at of [0, 65_535, many - 1, many - 65_536])
      expect(await of((view) => view.setUint32(4 + at * 4, 0x7fffffff))).toMatchObject([
        expect.stringContaining("cut-short"),
      ]);
  });
});

describe("the tracks shown", () => {
  it("several video tracks trigger a cross-check, several audio tracks do not", async () => {
    const audioTrackOf = (id: number): Uint8Array => track({ id, handler: "soun" });
    expect((await readMovie([track(), audioTrackOf(2), audioTrackOf(3)])).unusual).not.toContain(
      "unusual-structure",
    );
    expect((await readMovie([track(), track({ id: 2 })])).unusual).toContain("unusual-structure");
  });
  it("the first enabled track, otherwise the first", async () => {
    const small = (id: number, flags: number, width: number): Uint8Array =>
      track({ id, flags, width, entry: pictureEntry(width, 480) });
    expect((await readMovie([small(1, 2, 320), small(2, 3, 640)])).facts.width).toBe(640);
    expect((await readMovie([small(1, 2, 320), small(2, 2, 640)])).facts.width).toBe(320);
  });
  it("audio alone is no video, whatever the brand", async () => {
    const evidence = await readMovie([track({ handler: "soun", entry: audioEntry() })]);
    expect(evidence).toMatchObject({ format: "m4a", kind: "audio" });
    const m4a = movie([track()]);
    m4a.set(ascii("M4A "), 8);
    expect((await readCounted(m4a)).evidence).toMatchObject({ format: "mp4", kind: "video" });
  });
  it("a shown track without samples is damage; an audio track only if there is no video", async () => {
    const empty: TrackMade = {
      stts: [],
      sizes: full("stsz", 0, 0, words(0, 0)),
      runs: full("stsc", 0, 0, words(0)),
      chunks: full("stco", 0, 0, words(0)),
    };
    const silent = track({ ...empty, id: 2, handler: "soun" });
    expect(damage(await readMovie([silent]))).toEqual(["no-media-data audio track at null by null"]);
    expect(damage(await readMovie([track(), silent]))).toEqual([]);
    expect(damage(await readMovie([track(empty), silent]))).toEqual([
      "no-media-data video track at null by null",
    ]);
    expect((await readMovie([track(), track({ ...empty, id: 2, handler: "soun" })])).facts.audioCodec).toBe(
      "aac",
    );
  });
  it("a track of another kind is ignored", async () =>
    expect(damage(await readMovie([track({ handler: "text" })]))).toEqual([
      expect.stringContaining("no-tracks moov"),
    ]));
});

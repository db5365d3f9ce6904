import { describe, expect, test } from "vitest";
import { addLibraryReading } from "../../../src/facts/cross-check/compare.ts";
import { type Evidence, newEvidence } from "../../../src/facts/evidence.ts";

const evidenceWith = (part: Partial<Evidence>): Evidence => ({ ...newEvidence(1000), ...part });

describe("a library's rounding does not turn a pass into unsure", () => {
  test.each([
    ["milliseconds", 5.0717333, 5.072, 5.0717333],
    ["none needed", 5, 5, 5],
    ["two milliseconds are none", 5, 5.002, 5.002],
  ])("duration: %s", (_, own, said, taken) => {
    const evidence = evidenceWith({ durations: [{ value: own, from: "video-track" }] });
    addLibraryReading(evidence, "mediainfo", { duration: said });
    expect(evidence.durations[1]).toEqual({ value: taken, from: "mediainfo" });
  });

  test("the nearest reading is the one that was rounded", () => {
    const evidence = evidenceWith({
      durations: [
        { value: 20.02, from: "video-track" },
        { value: 20, from: "audio-track" },
      ],
    });
    addLibraryReading(evidence, "mediainfo", { duration: 20.0004 });
    expect(evidence.durations[2]).toEqual({ value: 20, from: "mediainfo" });
    evidence.durations.reverse();
    addLibraryReading(evidence, "mediainfo", { duration: 20.0004 });
    expect(evidence.durations[3]).toEqual({ value: 20, from: "mediainfo" });
  });

  test.each([
    ["three decimals", 24_000 / 1001, 23.976, 24_000 / 1001],
    ["another rate", 24_000 / 1001, 24, 24],
  ])("frame rate: %s", (_, own, said, taken) => {
    const evidence = evidenceWith({ frameRates: [{ value: own, from: "average" }] });
    addLibraryReading(evidence, "mediainfo", { frameRate: said, duration: 100 });
    expect(evidence.frameRates[1]).toEqual({ value: taken, from: "mediainfo" });
  });

  test.each([
    ["of a long film", 29.99, 30, undefined, 30],
    ["of a short one, whose duration was rounded", 29.99, 30, 3, 29.99],
    ["of a short one, by more than that explains", 29.98, 30, 3, 30],
    ["by a thousandth, whatever the duration", 29.9995, 30, undefined, 29.9995],
    ["by a thousandth of a film of hours", 29.9995, 30, 36_000, 29.9995],
  ])("frame rate %s", (_, own, said, duration, taken) => {
    const evidence = evidenceWith({ frameRates: [{ value: own, from: "average" }] });
    addLibraryReading(evidence, "mediainfo", { frameRate: said, ...(duration && { duration }) });
    expect(evidence.frameRates[1]).toEqual({ value: taken, from: "mediainfo" });
  });

  test.each([
    [500, 501, true],
    [500, 502, false],
    [5000, 5008, true],
    [5000, 5012, false],
  ])("size: a width of %i reported as %i counts as rounded: %s", (own, said, isRounded) => {
    const evidence = evidenceWith({ sizes: [{ width: own, height: 400, from: "display" }] });
    addLibraryReading(evidence, "mediainfo", { size: { width: said, height: 400 } });
    expect(evidence.sizes[1]).toEqual({ width: isRounded ? own : said, height: 400, from: "mediainfo" });
  });

  test("size: coded instead of display size, rotated, and a pixel aspect of three decimals", () => {
    const evidence = evidenceWith({
      sizes: [
        { width: 1047, height: 576, aspect: 1.81818, from: "display" },
        { width: 720, height: 576, from: "coded" },
      ],
    });
    addLibraryReading(evidence, "mediainfo", { size: { width: 1048, height: 576 } });
    addLibraryReading(evidence, "mediainfo", { size: { width: 576, height: 720 } });
    addLibraryReading(evidence, "mediainfo", { size: { width: 704, height: 576 } });
    expect(evidence.sizes.slice(2)).toEqual([
      { width: 1047, height: 576, aspect: 1.81818, from: "mediainfo" },
      { width: 720, height: 576, from: "mediainfo" },
      { width: 704, height: 576, from: "mediainfo" },
    ]);
  });
});

describe("a fact that our parser could not read", () => {
  test("is filled from a cross-check library and then counts as read", () => {
    const evidence = evidenceWith({
      unread: [
        { fact: "width", why: { code: "not-stated" } },
        { fact: "height", why: { code: "not-stated" } },
        { fact: "duration", why: { code: "unsupported", what: "no sample table" } },
        { fact: "frameRate", why: { code: "not-stated" } },
      ],
    });
    addLibraryReading(evidence, "mediainfo", { size: { width: 640, height: 480 }, duration: 3 });
    expect(evidence.unread.map(({ fact }) => fact)).toEqual(["frameRate"]);
    expect(evidence.sizes).toEqual([{ width: 640, height: 480, from: "mediainfo" }]);
    expect(evidence.durations).toEqual([{ value: 3, from: "mediainfo" }]);
  });

  test("stays unread if the reason is a budget, bytes out of reach or an estimate", () => {
    const unread: Evidence["unread"] = [
      { fact: "all", why: { code: "budget", which: "bytes" } },
      { fact: "width", why: { code: "out-of-reach" } },
      { fact: "duration", why: { code: "not-stated" } },
    ];
    const evidence = evidenceWith({ unread });
    addLibraryReading(evidence, "music-metadata", {
      size: { width: 1, height: 1 },
      duration: 3,
      estimate: true,
    });
    expect(evidence.unread).toEqual(unread);
    expect(evidence.durations).toEqual([]);
    expect(evidence.crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: "its estimate of 3.000 s is not used as a reading" },
    ]);
  });

  test("does not replace facts that our parser read", () => {
    const evidence = newEvidence(10);
    evidence.facts.audioCodec = "aac";
    addLibraryReading(evidence, "mediainfo", { audioCodec: "mp3", videoCodec: "hevc", channels: 2 });
    expect([evidence.facts.audioCodec, evidence.facts.videoCodec, evidence.facts.channels]).toEqual([
      "aac",
      "hevc",
      2,
    ]);
  });

  test("is filled only with values that the library reported", () => {
    const evidence = newEvidence(10);
    addLibraryReading(evidence, "mediainfo", {});
    expect(evidence).toEqual(newEvidence(10));
    const said = { audioCodec: "aac", videoCodec: "hevc", sampleRate: 48_000, channels: 2 };
    addLibraryReading(evidence, "mediainfo", said);
    expect(evidence.facts).toMatchObject(said);
    addLibraryReading(evidence, "mediainfo", {
      audioCodec: "mp3",
      videoCodec: "av1",
      sampleRate: 8000,
      channels: 1,
    });
    expect(evidence.facts).toMatchObject(said);
  });

  test("is not affected by a library result without values", () => {
    const evidence = evidenceWith({
      sizes: [{ width: 5, height: 5, from: "display" }],
      durations: [{ value: 5, from: "container" }],
      frameRates: [{ value: 5, from: "average" }],
    });
    addLibraryReading(evidence, "mediainfo", {});
    expect([evidence.sizes.length, evidence.durations.length, evidence.frameRates.length]).toEqual([1, 1, 1]);
  });

  test("a reported frame rate is added; an estimated one is only informative", () => {
    const evidence = evidenceWith({ unread: [{ fact: "frameRate", why: { code: "not-stated" } }] });
    addLibraryReading(evidence, "mediainfo", { frameRate: 25, estimate: true });
    expect(evidence.crossCheckNotes).toEqual([
      { crossCheck: "mediainfo", why: "its estimate of 25.000 fps is not used as a reading" },
    ]);
    expect(evidence.unread).toHaveLength(1);
    addLibraryReading(evidence, "mediainfo", { frameRate: 25 });
    expect([evidence.unread, evidence.frameRates]).toEqual([[], [{ value: 25, from: "mediainfo" }]]);
  });
});

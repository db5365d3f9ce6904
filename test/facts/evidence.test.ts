import { describe, expect, test } from "vitest";
import {
  cutShort,
  type Damage,
  damaged,
  type Evidence,
  newEvidence,
  settleFacts,
  unread,
} from "../../src/facts/evidence.ts";

/* What follows for the facts of a report from claims, damage and what was not read. */

const of = (change: (e: Evidence) => void): Evidence => {
  const evidence = newEvidence(100);
  evidence.format = "mp4";
  evidence.mime = "video/mp4";
  change(evidence);
  settleFacts(evidence);
  return evidence;
};

test("the first claim is the one reported, rounded as a report shows it", () => {
  const { facts } = of((e) => {
    e.sizes.push({ width: 1001, height: 333, from: "display" }, { width: 5, height: 5, from: "coded" });
    e.durations.push({ value: 1.23456789, from: "video-track" }, { value: 9, from: "container" });
    e.frameRates.push({ value: 24_000 / 1001, from: "average" }, { value: 24, from: "nominal" });
  });
  expect(facts).toMatchObject({
    format: "mp4",
    mime: "video/mp4",
    bytes: 100,
    width: 1001,
    height: 333,
    aspectRatio: 3.006,
    pixels: 333_333,
    duration: 1.234568,
    frameRate: 23.976024,
  });
  const exact = of((e) => e.sizes.push({ width: 853, height: 480, aspect: 16 / 9, from: "display" }));
  expect(exact.facts.aspectRatio).toBe(1.7778);
});

test("without claims there are no facts", () => {
  const { facts } = of(() => {});
  expect(Object.entries(facts).filter(([, value]) => value !== null)).toEqual([
    ["format", "mp4"],
    ["mime", "video/mp4"],
    ["bytes", 100],
    ["truncated", false],
  ]);
  expect(newEvidence(null).facts.bytes).toBeNull();
  const { sizes, durations, frameRates, damage, unread: none, unusual, crossCheckNotes } = newEvidence(100);
  expect([sizes, durations, frameRates, damage, none, [...unusual], crossCheckNotes].flat()).toEqual([]);
});

describe("whether bytes are missing", () => {
  const truncated = (change: (e: Evidence) => void): boolean | null => of(change).facts.truncated;
  test.each([
    ["empty", true],
    ["cut-short", true],
    ["no-end-marker", true],
    ["no-picture", true],
    ["no-index", true],
    ["no-media-data", true],
    ["no-tracks", false],
    ["malformed", false],
  ] as [Damage["code"], boolean][])("%s says %s", (code, expected) => {
    expect(truncated((e) => damaged(e, code, "mdat", 5))).toBe(expected);
    expect(truncated((e) => damaged(e, code, "mdat", 5, null, false))).toBe(false);
  });
  test("is unknown where something was not read, or nothing recognised", () => {
    expect(truncated((e) => unread(e, "width"))).toBeNull();
    expect(
      truncated((e) => {
        e.format = null;
      }),
    ).toBeNull();
    expect(
      truncated((e) => {
        unread(e, "width");
        damaged(e, "cut-short", "mdat", 5);
      }),
    ).toBe(true);
  });
});

test("what is missing is counted where it can be", () => {
  const { damage } = of((e) => {
    cutShort(e, "mdat", 40, 10);
    cutShort(e, "free", 50, 2, false);
    cutShort(e, "file", 40, Number.NEGATIVE_INFINITY);
    cutShort(e, "wide", 40, 2 ** 53 - 8);
    damaged(e, "no-index", "moov", null);
  });
  expect(damage).toEqual([
    { code: "cut-short", part: "mdat", at: 40, missing: 10, certain: true },
    { code: "cut-short", part: "free", at: 50, missing: 2, certain: false },
    { code: "cut-short", part: "file", at: null, missing: null, certain: true },
    { code: "cut-short", part: "wide", at: null, missing: null, certain: true },
    { code: "no-index", part: "moov", at: null, missing: null, certain: true },
  ]);
});

test("an unread fact says why, and is worth a cross-check", () => {
  const { unread: list, unusual } = of((e) => {
    unread(e, "duration");
    unread(e, "all", { code: "budget", which: "reads" });
  });
  expect(list).toEqual([
    { fact: "duration", why: { code: "not-stated" } },
    { fact: "all", why: { code: "budget", which: "reads" } },
  ]);
  expect([...unusual]).toEqual(["unread"]);
});

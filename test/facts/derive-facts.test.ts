import { describe, expect, test } from "vitest";
import { deriveFacts } from "../../src/facts/derive-facts.ts";
import { type Damage, damaged, type Evidence, newEvidence, unread } from "../../src/facts/evidence.ts";

/* The facts of a report that follow from readings, damage and unread values. */

const derived = (change: (e: Evidence) => void): Evidence => {
  const evidence = newEvidence(100);
  evidence.format = "mp4";
  evidence.mime = "video/mp4";
  change(evidence);
  deriveFacts(evidence);
  return evidence;
};

test("the first reading is the one reported, rounded as in a report", () => {
  const { facts } = derived((e) => {
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
  const exact = derived((e) => e.sizes.push({ width: 853, height: 480, aspect: 16 / 9, from: "display" }));
  expect(exact.facts.aspectRatio).toBe(1.7778);
});

test("without readings there are no facts", () => {
  const { facts } = derived(() => {});
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

describe("the fact truncated", () => {
  const truncated = (change: (e: Evidence) => void): boolean | null => derived(change).facts.truncated;
  test.each([
    ["empty", true],
    ["cut-short", true],
    ["no-end-marker", true],
    ["no-picture", true],
    ["no-index", true],
    ["no-media-data", true],
    ["no-tracks", false],
    ["malformed", false],
  ] as [Damage["code"], boolean][])("of %s is %s", (code, expected) => {
    expect(truncated((e) => damaged(e, code, "mdat", 5))).toBe(expected);
    expect(truncated((e) => damaged(e, code, "mdat", 5, null, false))).toBe(false);
  });
  test("is unknown if something was not read or the format is unknown", () => {
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

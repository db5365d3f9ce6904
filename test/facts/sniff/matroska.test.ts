import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { Budget } from "../../../src/facts/budget.ts";
import { Cursor } from "../../../src/facts/cursor.ts";
import { sniff } from "../../../src/facts/sniff.ts";

/* WebM and Matroska without a video track are audio: what browsers record from a microphone. */

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url));
const formatOf = (bytes: Uint8Array) => sniff(new Cursor(fromBytes(bytes), new Budget()));

/** An element with a size of 8 bytes; "unknown" as live recorders write it. */
function element(id: number[], body: number[] | Uint8Array, unknown = false): number[] {
  const size = new DataView(new ArrayBuffer(4));
  size.setUint32(0, body.length);
  const sizeBytes = unknown ? Array(7).fill(0xff) : [0, 0, 0, ...new Uint8Array(size.buffer)];
  return [...id, 0x01, ...sizeBytes, ...body];
}
const [ebmlId, docTypeId] = [
  [0x1a, 0x45, 0xdf, 0xa3],
  [0x42, 0x82],
];
const [segmentId, tracksId, clusterId] = [
  [0x18, 0x53, 0x80, 0x67],
  [0x16, 0x54, 0xae, 0x6b],
  [0x1f, 0x43, 0xb6, 0x75],
];
const track = (type: number): number[] =>
  element([0xae], [...element([0xd7], [1]), ...element([0x83], [type])]);
const tracks = (...types: number[]): number[] => element(tracksId, types.flatMap(track));
const padding = (bytes: number): number[] => element([0xec], new Uint8Array(bytes));
function file(docType: string, segment: number[], unknown = false): Uint8Array {
  const header = element(ebmlId, element(docTypeId, [...new TextEncoder().encode(docType)]));
  return new Uint8Array([...header, ...element(segmentId, segment, unknown)]);
}
const [video, audio, subtitles] = [1, 2, 17];

test.each([
  ["webm-audio.webm", "weba"],
  ["matroska-audio.mka", "mka"],
  ["webm.webm", "webm"],
  ["matroska.mkv", "mkv"],
])("FFmpeg's %s is %s", async (name, format) => {
  expect(await formatOf(fixture(`refused/${name}`))).toBe(format);
});

describe("the tracks decide between Matroska formats", () => {
  test.each<[string, number[], string]>([
    ["audio", tracks(audio), "weba"],
    ["two of audio", tracks(audio, audio), "weba"],
    ["audio and subtitles", tracks(audio, subtitles), "weba"],
    ["audio and video", tracks(audio, video), "webm"],
    ["none", tracks(), "webm"],
    ["no tracks element", padding(4), "webm"],
    ["tracks after the media data", [...element(clusterId, [0]), ...tracks(audio)], "webm"],
    ["tracks after 100 KB of padding", [...padding(100_000), ...tracks(audio)], "weba"],
    ["an element of no bytes first", [...padding(0), ...tracks(audio)], "weba"],
  ])("%s: %s", async (_, segment, format) => {
    expect(await formatOf(file("webm", segment))).toBe(format);
    expect(await formatOf(file("webm", segment, true))).toBe(format);
    expect(await formatOf(file("matroska", segment))).toBe(format === "weba" ? "mka" : "mkv");
  });

  test("a file that ends in its headers has the format of its doctype", async () => {
    const whole = file("webm", tracks(audio));
    for (let end = 30; end < whole.length - 1; end++)
      expect(await formatOf(whole.subarray(0, end))).toMatch(/^web[am]$/);
  });
});

test("5 MB of empty elements take a bounded number of steps", async () => {
  const empty = new Uint8Array(5 << 20).fill(0x80);
  for (let at = 0; at < empty.length; at += 2) empty[at] = 0xec;
  empty.set(file("webm", [], true));
  const budget = new Budget();
  expect(await sniff(new Cursor(fromBytes(empty), budget))).toBe("webm");
  expect(budget.spent.entries).toBeLessThan(5_000);
});

test("any bytes after the EBML signature are one of the four formats", async () => {
  const formats = ["webm", "mkv", "weba", "mka"];
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
      expect(formats).toContain(await formatOf(new Uint8Array([...file("webm", []), ...noise])));
      expect(formats).toContain(await formatOf(new Uint8Array([...ebmlId, ...noise])));
    }),
  );
});

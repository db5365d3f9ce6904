import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesOf, evidenceOf, frames, id3, infoFrame } from "./audio-bytes.ts";

const perFrame = 1152 / 44_100;
const hundred = frames(100);
const fixture = (name: string): Uint8Array => readFileSync(`fixtures/audio/mp3-${name}.mp3`);

async function framesOf(...parts: (Uint8Array | string | number)[]): Promise<number> {
  const evidence = await evidenceOf(...parts);
  expect(evidence.format).toBe("mp3");
  expect(evidence.damage).toEqual([]);
  return Math.round((evidence.facts.duration ?? 0) / perFrame);
}

describe("every frame counts, whatever the other bytes claim", () => {
  const ape = (flags: number): Uint8Array => bytesOf("APETAGEX", 2000, 132, 1, flags, 0, 0);
  test.each([
    ["nothing", [hundred]],
    ["4 MB of art in front", [id3(4 << 20), hundred]],
    ["three tags in front", [id3(10), id3(5000), id3(0), hundred]],
    ["ID3v1 after", [hundred, "TAG", new Uint8Array(125)]],
    [
      "APEv2 after, with syncs in it",
      [hundred, ape(0xa0000000), frames(1).subarray(0, 100), ape(0x80000000)],
    ],
    ["ID3v2 in the middle", [frames(60), id3(70_000), frames(40)]],
    ["zeros in front", [id3(10), new Uint8Array(3000), hundred]],
    ["0xFF in the middle", [frames(60), new Uint8Array(300_000).fill(255), frames(40)]],
    ["three bytes after", [hundred, new Uint8Array(3)]],
    ["the start of a frame after", [hundred, frames(1).subarray(0, 200)]],
    ["one frame only, and a tag", [id3(10), frames(1), "TAG", new Uint8Array(125)]],
  ])("%s", async (name, parts) => {
    expect(await framesOf(...parts)).toBe(name.startsWith("one") ? 1 : 100);
  });

  test("wherever a read window ends", async () => {
    // The first window is 4 KiB, the next four times as large: things lie across its end in every way.
    const between: [string, Uint8Array | string, number][] = [
      ["nothing", "", 100],
      ["ID3v1", bytesOf("TAG", new Uint8Array(125)), 100],
      ["ID3v2", id3(50), 100],
      ["APEv2", bytesOf("APETAGEX", 2000, 32, 0, 0x80000000, 0, 0), 100],
      ["Lyrics3", bytesOf("LYRICSBEGINno more of them, friend"), 100],
      ["junk", new Uint8Array(40), 100],
      ["a lone header", bytesOf(frames(1).subarray(0, 100)), 100],
    ];
    for (const [what, part, count] of between)
      for (let shift = 0; shift < 450; shift += 9) {
        // Nine frames of 417 bytes and what is shifted end around 4,096.
        const bytes = [id3(0), new Uint8Array(shift), frames(9), part, frames(91)];
        expect([what, shift, await framesOf(...bytes)]).toEqual([what, shift, count]);
      }
  });

  test("frames of another sample rate count by their own rate", async () => {
    const evidence = await evidenceOf(hundred, frames(50, [0xff, 0xfb, 0x94, 0xc0], 384));
    expect(evidence.facts.duration).toBeCloseTo(100 * perFrame + 50 * 0.024, 6);
  });
});

describe("a tag is trusted if the file confirms it", () => {
  test("the tag's own frame is counted in neither", async () => {
    expect(await framesOf(infoFrame({ frames: 100, bytes: 101 * 417 }), hundred)).toBe(100);
    expect(await framesOf(infoFrame({ frames: 100, bytes: 100 * 417 }), hundred)).toBe(100);
    expect(await framesOf(infoFrame({}), hundred)).toBe(100);
  });

  test.each([
    ["frames", { frames: 4000, bytes: 101 * 417 }],
    ["fewer frames", { frames: 3, bytes: 101 * 417 }],
    ["frames, and no bytes", { frames: 4000 }],
  ])("a wrong value of %s is a separate reading", async (_, claims) => {
    const { durations, damage, unusual } = await evidenceOf(infoFrame(claims), hundred);
    expect(durations.map((d) => [d.from, Math.round(d.value / perFrame)])).toEqual([
      ["all-frames", 100],
      ["header", claims.frames],
    ]);
    expect([damage, [...unusual]]).toEqual([[], ["contradiction"]]);
  });

  test("delay and padding give the second reading", async () => {
    const { durations } = await evidenceOf(fixture("vbr-lame"));
    expect(durations.map((d) => d.from)).toEqual(["all-frames", "less-padding"]);
    expect(durations[1]?.value).toBeCloseTo(2.5, 9);
  });

  test("a tag with a valid checksum avoids counting the frames; an invalid one does not, and its value is a reading", async () => {
    const bytes = Buffer.from(fixture("vbr-lame"));
    const at = Math.max(bytes.indexOf("Info"), bytes.indexOf("Xing"));
    bytes.writeUInt32BE(bytes.readUInt32BE(at + 8) * 2, at + 8);
    const { durations } = await evidenceOf(bytes);
    expect(durations.map((d) => d.from)).toEqual(["all-frames", "header"]);
    expect(durations[0]?.value).toBeCloseTo(97 * perFrame, 6);
  });
});

describe("missing bytes of an MP3", () => {
  const tagged = bytesOf(infoFrame({ frames: 100, bytes: 101 * 417 }), hundred);

  test("a cut inside a frame that the tag counts is certain", async () => {
    const evidence = await evidenceOf(tagged.subarray(0, 60 * 417 + 200));
    expect(evidence.damage).toEqual([
      { code: "cut-short", part: "frames", at: 60 * 417, missing: 41 * 417 - 200, certain: true },
    ]);
  });

  test("a cut between frames is only suspected", async () => {
    const evidence = await evidenceOf(tagged.subarray(0, 60 * 417));
    expect(evidence.damage).toMatchObject([{ code: "cut-short", certain: false }]);
  });

  test("the first part of a long file with the whole file's tag is intact: tools print the tag's value", async () => {
    const stub = tagged.subarray(0, 8 * 417 + 100);
    const { damage, durations } = await evidenceOf(stub);
    expect(damage).toEqual([]);
    expect(durations.map((d) => [d.from, Math.round(d.value / perFrame)])).toEqual([
      ["header", 100],
      ["all-frames", 7],
    ]);
  });

  test.each([
    ["a tag longer than the file", [id3(5000).subarray(0, 3000)], "cut-short"],
    ["a tag and nothing", [id3(5000)], "no-media-data"],
    ["a tag and noise", [id3(50), "not a frame in sight ".repeat(50)], "no-media-data"],
  ])("%s has no frames", async (_, parts, code) => {
    const evidence = await evidenceOf(...parts);
    expect(evidence.damage).toMatchObject([{ code, certain: true }]);
    expect(evidence.facts.duration).toBeNull();
  });
});

describe("bytes that are no MP3", () => {
  test.each([
    ["mp2", frames(20, [0xff, 0xfd, 0x80, 0xc0], 417)],
    ["aac", frames(20, [0xff, 0xf1, 0x50, 0x80, 0x0d, 0x1f, 0xfc], 104)],
  ])("%s", async (format, bytes) => {
    expect((await evidenceOf(bytes)).format).toBe(format);
  });
});

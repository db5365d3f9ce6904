import { describe, expect, test } from "vitest";
import { bytesOf, evidenceOf, frames } from "./audio-bytes.ts";

/*
 * ID3v2 tags, by ID3v2.4 structure, 3.1, wherever they lie: sniffing and reading go by one size. What is no tag is junk
 * to players (FFmpeg 5.1 and SoX 14.4 play all hundred frames after each of those below), and to this reader.
 */

const perFrame = 1152 / 44_100;
/** A tag's ten bytes, then a body of zeros. */
const tag = (head: number[], body: number): Uint8Array =>
  bytesOf("ID3", new Uint8Array(head), new Uint8Array(body));
const formatAndFrames = async (...parts: (Uint8Array | string)[]): Promise<[string | null, number]> => {
  const { format, facts, damage } = await evidenceOf(...parts);
  expect(damage).toEqual([]);
  return [format, Math.round((facts.duration ?? 0) / perFrame)];
};

describe("an ID3v2 tag of known size is skipped", () => {
  // Bodies full of frames: a parser that stops too early counts them.
  const body = (bytes: number): Uint8Array => frames(Math.ceil(bytes / 417)).subarray(0, bytes);
  test.each([
    ["none", [4, 0, 0, 0, 0, 0, 0], 0],
    ["127", [3, 0, 0, 0, 0, 0, 127], 127],
    ["10,000", [4, 0, 0, 0, 0, 78, 16], 10_000],
    ["20,000", [2, 0, 0, 0, 1, 28, 32], 20_000],
    ["2 MiB and one", [4, 254, 0, 1, 0, 0, 1], 2_097_153],
    ["4,170 and a footer", [4, 0, 0x10, 0, 0, 32, 74], 4180],
    ["4,170 and flags of all other kinds", [4, 0, 0xef, 0, 0, 32, 74], 4170],
  ] as [string, number[], number][])("%s", async (_, head, bytes) => {
    const whole = bytesOf("ID3", new Uint8Array(head), body(bytes));
    expect(await formatAndFrames(whole, frames(100))).toEqual(["mp3", 100]);
    expect(await formatAndFrames(frames(60), whole, frames(40))).toEqual(["mp3", 100]);
    expect((await evidenceOf(whole, "fLaC", new Uint8Array(50))).format).toBe("flac");
  });
  test("more tags than allowed exceed the budget", async () => {
    const { unread } = await evidenceOf(
      ...Array.from({ length: 12_000 }, () => tag([4, 0, 0, 0, 0, 0, 0], 0)),
    );
    expect(unread).toEqual([{ fact: "all", why: { code: "budget", which: "entries" } }]);
  });
  test("two letters after a tag are neither a tag nor a frame", async () => {
    const { damage } = await evidenceOf(tag([4, 0, 0, 0, 0, 0, 9], 9), "TA");
    expect(damage).toMatchObject([{ code: "no-media-data", at: 19 }]);
  });
  test.each([
    ["a WAV, which players hear after it", "RIFF\x24\0\0\0WAVEfmt ", "wav"],
    ["a picture, which nobody sees after it", "\x89PNG\r\n\x1a\n", null],
    ["a bitmap", "GIF89a", null],
    ["what is only named", "MThd\0\0\0\x06", "midi"],
    ["AAC", "\xff\xf1\x50\x80\x01\x1f\xfc\0".repeat(5), "aac"],
    ["nothing that is known", "nothing that is known", "mp3"],
  ])("before %s", async (_, after, format) =>
    expect((await evidenceOf(tag([4, 0, 0, 0, 0, 0, 9], 9), after)).format).toBe(format),
  );
  test("more than eight consecutive tags hide what follows them", async () => {
    const flac = (tags: number) =>
      evidenceOf(...Array.from({ length: tags }, () => tag([4, 0, 0, 0, 0, 0, 9], 9)), "fLaC", tag([], 50));
    expect((await flac(8)).format).toBe("flac");
    expect((await flac(9)).format).toBe("mp3");
  });
});

describe("bytes that are no ID3v2 tag are junk, and the frames after them are found", () => {
  test.each([
    ["a top bit in the first byte of the size", [4, 0, 0, 0x80, 0, 4, 0]],
    ["in the second", [4, 0, 0, 0, 0x80, 4, 0]],
    ["in the third", [4, 0, 0, 0, 0, 0x84, 0]],
    ["in the fourth", [4, 0, 0, 0, 0, 4, 0x80]],
    ["in all, and more than there is", [3, 0, 0, 255, 255, 255, 255]],
    ["a version that there cannot be", [255, 0, 0, 0, 0, 64, 0]],
    ["a revision that there cannot be", [4, 255, 0, 0, 0, 64, 0]],
  ])("%s", async (_, head) => {
    expect(await formatAndFrames(tag(head, 500), frames(100))).toEqual(["mp3", 100]);
    expect(await formatAndFrames(frames(60), tag(head, 500), frames(40))).toEqual(["mp3", 100]);
    expect((await evidenceOf(tag(head, 502), "fLaC", new Uint8Array(50))).format).not.toBe("flac");
  });
  test("a truncated tag header after the frames", async () => {
    expect(await formatAndFrames(frames(100), "ID3\x04\0\0\0\0\x01")).toEqual(["mp3", 100]);
    expect((await evidenceOf("ID3\x04\0\0\0\0\x01")).format).toBeNull();
  });
});

import { afterEach, describe, expect, test, vi } from "vitest";
import { fromBytes } from "../../src/bytes/memory.ts";
import { bundledParsers } from "../../src/facts/bundled-parsers.ts";
import type { Parsers } from "../../src/facts/parsers.ts";
import { readWith } from "../../src/facts/read.ts";
import { fixture, join, zeros } from "./image/pictures.ts";

/* Reading a file of any format: which parsers are loaded, and that loading does not count in its budget. */

const png = fixture("image/png-640x480.png");
const flac = new TextEncoder().encode("fLaC with only a signature");
const mp3 = fixture("audio/mp3-no-xing.mp3");

/** Parsers that note what is asked for. */
function recordingParsers(over: Partial<Parsers> = {}): { readers: Parsers; asked: string[] } {
  const asked: string[] = [];
  const all = { ...bundledParsers, ...over };
  const entries = Object.entries(all).map(([name, load]) => [
    name,
    () => {
      asked.push(name);
      return load();
    },
  ]);
  return { readers: Object.fromEntries(entries) as Parsers, asked };
}

describe("parsers loaded", () => {
  test.each([
    ["a picture that is read", png, ["still"]],
    ["a film", fixture("video/mp4-h264-aac.mp4"), ["movie"]],
    ["a sound without a signature", mp3, ["others", "mp3"]],
    ["what is only named", flac, ["others"]],
    ["what nothing knows", new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), ["others"]],
    ["nothing at all", new Uint8Array(), []],
  ])("for %s are only the ones needed, in order", async (_, bytes, expected) => {
    const { readers, asked } = recordingParsers();
    await readWith(readers, fromBytes(bytes));
    expect([...new Set(asked)]).toEqual(expected);
  });
  test("the parser of other formats provides their names", async () => {
    const { format, label, mime, kind, unread } = await readWith(bundledParsers, fromBytes(flac));
    expect({ format, label, mime, kind, unread }).toEqual({
      format: "flac",
      label: "FLAC audio",
      mime: "audio/flac",
      kind: "audio",
      unread: [],
    });
  });
});

describe("loading a parser", () => {
  afterEach(() => void vi.useRealTimers());
  test("does not count as parse time, however long it takes", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const slowly =
      <Part>(part: () => Part | Promise<Part>) =>
      async (): Promise<Part> => {
        vi.advanceTimersByTime(60_000);
        return part();
      };
    const budgets = { milliseconds: 50 };
    // In small pieces: each read is a look at the clock.
    const piecemeal = (bytes: Uint8Array) => ({ ...fromBytes(bytes), minReadSize: 64 });
    const reader = { ...bundledParsers, mp3: slowly(bundledParsers.mp3) };
    const { durations, unread } = await readWith(reader, piecemeal(mp3), { budgets });
    expect([unread, durations[0]?.from]).toEqual([[], "all-frames"]);
    const names = { ...bundledParsers, others: slowly(bundledParsers.others) };
    const tagged = join("ID3", [4, 0, 0, 0, 4, 0, 0], zeros(65_536), flac);
    expect(await readWith(names, piecemeal(tagged), { budgets })).toMatchObject({
      format: "flac",
      unread: [],
    });
  });
  test("rejects the call if it fails, instead of becoming a fact about the file", async () => {
    const gone = { ...bundledParsers, still: () => Promise.reject(new Error("no network")) };
    await expect(readWith(gone, fromBytes(png))).rejects.toThrow("no network");
  });
});

test("a parser that runs out of bytes reports where the file is cut", async () => {
  const truncating: Parsers = {
    ...bundledParsers,
    still: () => async (cursor) => void (await cursor.at(cursor.size - 4, 10)),
  };
  const { damage, format } = await readWith(truncating, fromBytes(png));
  const at = png.length - 4;
  expect([format, damage]).toEqual([
    "png",
    [{ code: "cut-short", part: "a chunk", at, missing: 6, certain: true }],
  ]);
});

test("an aborted call rejects with the code aborted", async () => {
  const left = { signal: AbortSignal.abort() };
  await expect(readWith(bundledParsers, fromBytes(png), left)).rejects.toMatchObject({ code: "aborted" });
});

test("an implausible value is not a fact", async () => {
  const tiff = Buffer.from(fixture("image/tiff-640x480.tif"));
  const directory = tiff.readUInt32LE(4);
  for (let entry = directory + 2; entry < directory + 2 + 12 * tiff.readUInt16LE(directory); entry += 12)
    if (tiff.readUInt16LE(entry) === 256) {
      tiff.writeUInt16LE(4, entry + 2);
      tiff.writeUInt32LE(0xffffffff, entry + 8);
    }
  const { facts, sizes, unread } = await readWith(bundledParsers, fromBytes(tiff));
  expect([facts.width, sizes]).toEqual([null, []]);
  expect(unread.map(({ fact }) => fact)).toEqual(["width", "height"]);
});

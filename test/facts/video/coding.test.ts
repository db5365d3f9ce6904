import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { box, concat, find, parse, rebuild, words } from "../../../fixtures/make/mp4-edit.ts";
import type { Facts } from "../../../src/facts/facts.ts";
import { inspect } from "../../../src/index.ts";
import { ffmpegInstalled } from "../../fix/tools.ts";
import { fixture, readCounted } from "./read-counted.ts";

/* How picture and sound are coded, and how the container is written: from crafted boxes, and from files of FFmpeg. */

const mp4 = fixture("mp4-h264-aac.mp4");
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** The facts of the fixture with another sample description of its pictures (track 0) or its sound (track 1). */
async function described(track: 0 | 1, entry: Uint8Array): Promise<Facts> {
  const nodes = parse(mp4);
  find(nodes, `moov/trak:${track}/mdia/minf/stbl/stsd`).body = concat(words(0, 1), entry);
  return (await readCounted(rebuild(nodes, mp4))).evidence.facts;
}

const picture = (type: string, ...boxes: Uint8Array[]): Promise<Facts> => {
  const fields = new Uint8Array(78);
  fields.set([0, 1], 6);
  fields.set([3, 86, 1, 224], 24);
  return described(0, box(type, fields, ...boxes));
};

describe("a picture's sampling", () => {
  it.each([
    [0b0000_1100, "4:2:0", 8],
    [0b0100_1100, "4:2:0", 10],
    [0b0110_1000, "4:2:2", 12],
    [0b0000_0000, "4:4:4", 8],
    [0b0001_1100, "4:0:0", 8],
  ])("av1C flags %i are %s with %i bits, never interlaced", async (flags, chroma, bitDepth) => {
    expect(await picture("av01", box("av1C", bytes(0x81, 0, flags, 0)))).toMatchObject({
      ...{ chroma, bitDepth, interlaced: false },
    });
  });
  it.each([
    [0x80, "4:2:0", 8],
    [0x82, "4:2:0", 8],
    [0xa4, "4:2:2", 10],
    [0xc6, "4:4:4", 12],
    [0x88, null, 8],
  ])("vpcC %i is %s with %i bits", async (coding, chroma, bitDepth) => {
    const config = bytes(1, 0, 0, 0, 0, 31, coding, 2, 2, 2, 0, 0);
    expect(await picture("vp09", box("vpcC", config))).toMatchObject({ chroma, bitDepth, interlaced: false });
  });
  it("is unknown where no configuration is there or it is cut", async () => {
    const unknown = { chroma: null, bitDepth: null };
    expect(await picture("apch")).toMatchObject({ ...unknown, interlaced: null });
    expect(await picture("av01", box("av1C", bytes(0x81)))).toMatchObject(unknown);
    expect(await picture("vp09", box("vpcC", bytes(1, 0, 0, 0, 0, 31)))).toMatchObject(unknown);
  });
});

it.each([
  ["apch", [1, 0], false],
  ["apch", [2, 9], true],
  ["apch", [], null],
  // The codec has no fields: the container contradicts it.
  ["vp09", [2, 9], null],
])("%s with fiel %j is interlaced: %s", async (type, fiel, interlaced) => {
  expect(await picture(type, box("fiel", bytes(...fiel)))).toMatchObject({ interlaced });
});

describe("an AAC profile", () => {
  /** An esds box around an AudioSpecificConfig of these bits. */
  const profileOf = async (bits: string): Promise<string | null> => {
    const config = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
    while (config.length < 8) config.push(0);
    const specific = [5, config.length, ...config];
    const decoder = [4, 13 + specific.length, 0x40, 0x15, ...new Array(11).fill(0), ...specific];
    const esds = bytes(0, 0, 0, 0, 3, 3 + decoder.length, 0, 0, 0, ...decoder);
    const fields = concat(
      words(0, 1),
      bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 16, 0, 0, 0, 0),
      words(44_100 * 65_536),
    );
    return (await described(1, box("mp4a", fields, box("esds", esds)))).audioProfile;
  };
  const object = (type: number): string => type.toString(2).padStart(5, "0");
  const [rate44100, rate22050, stereo] = ["0100", "0111", "0010"];
  const sync = (bits: string): string => `000${(0x2b7).toString(2).padStart(11, "0")}${object(5)}${bits}`;
  it.each([
    ["LC at 44,100 Hz", object(2) + rate44100 + stereo, "LC"],
    ["Main", object(1) + rate44100 + stereo, "Main"],
    [
      "replication by its own object type",
      `${object(5)}${rate22050}${stereo}${rate44100}${object(2)}`,
      "HE-AAC",
    ],
    ["parametric stereo", `${object(29)}${rate22050}0001${rate44100}${object(2)}`, "HE-AACv2"],
    ["replication after the configuration", object(2) + rate22050 + stereo + sync(`1${rate44100}`), "HE-AAC"],
    [
      "parametric stereo after the configuration",
      object(2) + rate22050 + stereo + sync(`1${rate44100}${(0x548).toString(2).padStart(11, "0")}1`),
      "HE-AACv2",
    ],
    ["no replication, and the file says so", object(2) + rate22050 + stereo + sync("0"), "LC"],
    ["a low rate, where the stream may hold replication", object(2) + rate22050 + stereo, null],
    ["xHE-AAC", `11111${(42 - 32).toString(2).padStart(6, "0")}${rate44100}${stereo}`, "xHE-AAC"],
    ["an object type without a name here", object(23) + rate44100 + stereo, null],
  ])("%s", async (_, bits, profile) => expect(await profileOf(bits)).toBe(profile));
});

describe.skipIf(!ffmpegInstalled)("files of FFmpeg, as ffprobe reads them (needs ffmpeg and ffprobe)", () => {
  const folder = mkdtempSync(join(tmpdir(), "media-preflight-coding-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const source = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=2 -f lavfi -i sine=duration=2";
  const aac = "-c:a aac -ar 44100";
  const x264 = "-c:v libx264 -preset ultrafast";

  function make(name: string, options: string): string {
    const path = join(folder, name);
    const args = options.replaceAll("{base}", join(folder, "base.mp4")).split(" ");
    execFileSync("ffmpeg", ["-nostdin", "-v", "error", ...args, path]);
    return path;
  }
  make("base.mp4", `${source} ${x264} -pix_fmt yuv420p ${aac}`);

  test.each([
    ["faststart.mp4", `${source} ${x264} -pix_fmt yuv420p ${aac} -movflags +faststart`, { fastStart: true }],
    [
      "b-frames.mp4",
      `${source} -c:v libx264 -bf 3 -pix_fmt yuv420p ${aac}`,
      { fastStart: false, editList: false },
    ],
    ["422.mp4", `${source} ${x264} -pix_fmt yuv422p10le ${aac}`, { chroma: "4:2:2", bitDepth: 10 }],
    ["444.mp4", `${source} ${x264} -pix_fmt yuv444p ${aac}`, { chroma: "4:4:4", bitDepth: 8 }],
    // Without the fiel box only the slices say it.
    [
      "fields.mp4",
      `${source} ${x264} -vf setfield=tff -flags +ilme+ildct -pix_fmt yuv420p ${aac}`,
      { interlaced: null },
    ],
    ["ten.mp4", `${source} -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le ${aac}`, { bitDepth: 10 }],
    ["fragments.mp4", `-i {base} -c copy -movflags +frag_keyframe+empty_moov`, { fastStart: true }],
    ["cut.mp4", `-ss 0.7 -i {base} -c copy`, { editList: true }],
    ["late-sound.mp4", `-i {base} -itsoffset 0.5 -i {base} -map 0:v -map 1:a -c copy`, { editList: true }],
  ] as const)("%s", async (name, options, expected) => {
    const path = make(name, options);
    const { facts } = await inspect(path);
    expect(facts).toMatchObject(expected);
    const json = execFileSync("ffprobe", ["-v", "error", "-show_streams", "-of", "json", path], {
      encoding: "utf8",
    });
    const { streams } = JSON.parse(json) as { streams: Record<string, string>[] };
    const video = streams.find((stream) => stream.codec_type === "video");
    const audio = streams.find((stream) => stream.codec_type === "audio");
    const [, sampling = "", bits = "8"] = /^yuvj?(\d{3})p(\d+)?/.exec(video?.pix_fmt ?? "") ?? [];
    expect([facts.chroma, facts.bitDepth]).toEqual([sampling.split("").join(":"), Number(bits)]);
    expect(facts.audioProfile).toBe(audio?.profile);
    const order = video?.field_order ?? "unknown";
    if (order !== "unknown" && facts.interlaced !== null)
      expect(facts.interlaced).toBe(order !== "progressive");
  });
});

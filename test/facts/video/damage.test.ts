import { describe, expect, it } from "vitest";
import { ascii, box, concat, parse, poke, serialise, words } from "../../../fixtures/make/mp4-edit.ts";
import { fixture, readCounted } from "./read-counted.ts";

const mp4 = fixture("mp4-h264-aac.mp4");
const first = fixture("mp4-moov-first.mp4");
const ftyp = box("ftyp", ascii("isom"), words(512), ascii("isomiso2avc1mp41"));

describe("a truncated video", () => {
  it.each([
    ["index first", first],
    ["index last", mp4],
    ["PCM sound", fixture("mov-h264-pcm.mov")],
  ])("is never reported as intact: %s", async (_, bytes) => {
    for (let length = 1; length < bytes.length; length += 1 + Math.floor(bytes.length / 400)) {
      const { evidence } = await readCounted(bytes.subarray(0, length));
      const accepted = evidence.format === "mp4" || evidence.format === "mov";
      expect([length, accepted && evidence.damage.length === 0 && evidence.unread.length === 0]).toEqual([
        length,
        false,
      ]);
    }
  });

  it("reports what is missing, and where", async () => {
    const { damage } = (await readCounted(first.subarray(0, first.length - 1000))).evidence;
    const mdat = serialise(
      parse(first).slice(
        0,
        parse(first).findIndex((n) => n.type === "mdat"),
      ),
    ).length;
    expect(damage).toEqual([{ code: "cut-short", part: "mdat", at: mdat, missing: 1000, certain: true }]);
  });

  it("is suspected if a segment index states more bytes", async () => {
    const dash = fixture("fragmented-dash.mp4");
    const nodes = parse(dash);
    const last = nodes.findLastIndex((n) => n.type === "moof");
    const { damage } = (await readCounted(serialise(nodes.slice(0, last)))).evidence;
    expect(damage).toMatchObject([{ code: "cut-short", part: "sidx", certain: false }]);
  });

  it("is not reported for bytes after the last box, or free space without samples", async () => {
    for (const tail of [ascii("trailing garbage, no box"), words(0, 0, 0), ascii("TAG")])
      expect((await readCounted(concat(mp4, tail))).evidence.damage).toEqual([]);
    const { damage } = (await readCounted(concat(mp4, words(5000), ascii("free")))).evidence;
    expect(damage).toMatchObject([{ code: "cut-short", part: "free", certain: false }]);
  });
});

describe("a header with wrong counts", () => {
  it.each(["stts", "stsc", "stco", "stsz"])(
    "%s of 2³¹ entries costs no time and does not pass",
    async (type) => {
      const nodes = parse(mp4);
      poke(nodes, `moov/trak/mdia/minf/stbl/${type}`, type === "stsz" ? 8 : 4, 0x80000000);
      const { evidence, bytesRead } = await readCounted(serialise(nodes));
      expect(evidence.damage).toMatchObject([{ code: "malformed", part: "sample table", certain: false }]);
      expect(bytesRead).toBeLessThan(20_000);
    },
  );

  it("2³¹ samples of a fixed size cost no time and do not pass", async () => {
    const nodes = parse(mp4);
    poke(nodes, "moov/trak/mdia/minf/stbl/stsz", 4, 1000, 0x80000000);
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence.damage).toMatchObject([{ code: "malformed", part: "sample table" }]);
  });

  it("a movie without samples has no media data", async () => {
    const { damage } = (await readCounted(serialise(parse(fixture("fragmented.mp4")).slice(0, 2)))).evidence;
    expect(damage).toMatchObject([{ code: "no-media-data", certain: true }]);
  });

  it("a movie without tracks is damaged", async () => {
    for (const body of [new Uint8Array(), box("mvhd", new Uint8Array(100))]) {
      const { evidence } = await readCounted(concat(ftyp, box("moov", body)));
      expect(evidence.damage).toMatchObject([{ code: "no-tracks", certain: true }]);
      expect(evidence.kind).toBe("video");
    }
  });
});

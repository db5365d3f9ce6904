import { describe, expect, it } from "vitest";
import {
  ascii,
  box,
  concat,
  find,
  parse,
  poke,
  rebuild,
  serialise,
  words,
} from "../../../fixtures/make/mp4-edit.ts";
import { fixture, readCounted } from "./read-counted.ts";

const mp4 = fixture("mp4-h264-aac.mp4");
const first = fixture("mp4-moov-first.mp4");
const intactFacts = { width: 854, height: 480, duration: 3, frameRate: 24, frames: 72, truncated: false };

describe("the order of boxes", () => {
  it("a moov after two megabytes of free space is found without reading the space or the media", async () => {
    const nodes = parse(first);
    nodes.splice(1, 0, { type: "free", body: new Uint8Array(2 << 20), children: null });
    const { evidence, bytesRead } = await readCounted(rebuild(nodes, first));
    expect(evidence.facts).toMatchObject(intactFacts);
    expect(bytesRead).toBeLessThan(20_000);
  });

  it("media data with a 64-bit size, and with size 0 to the end of the file", async () => {
    const open = first.slice();
    const at = serialise(
      parse(first).slice(
        0,
        parse(first).findIndex((n) => n.type === "mdat"),
      ),
    ).length;
    open.set(words(0), at);
    expect((await readCounted(open)).evidence.facts).toMatchObject(intactFacts);

    const nodes = parse(first);
    const media = find(nodes, "mdat").body;
    const before = nodes.filter((n) => n.type !== "mdat");
    for (const trak of find(before, "moov").children?.filter((n) => n.type === "trak") ?? []) {
      const stco = find([trak], "trak/mdia/minf/stbl/stco").body;
      const view = new DataView(stco.buffer, stco.byteOffset, stco.length);
      for (let i = 8; i < stco.length; i += 4) view.setUint32(i, view.getUint32(i) + 8);
    }
    const wide = concat(serialise(before), words(1), ascii("mdat"), words(0, media.length + 16), media);
    const { evidence } = await readCounted(wide);
    expect(evidence.facts).toMatchObject(intactFacts);
    expect(evidence.damage).toEqual([]);
  });

  it("a moov that was moved without updating its chunk offsets is suspected", async () => {
    const nodes = parse(mp4);
    const moov = nodes.findIndex((n) => n.type === "moov");
    nodes.splice(1, 0, ...nodes.splice(moov, 1));
    expect((await readCounted(rebuild(nodes, mp4))).evidence.damage).toEqual([]);
    const stale = parse(mp4);
    stale.splice(1, 0, ...stale.splice(moov, 1));
    stale.splice(1, 0, { type: "free", body: new Uint8Array(9000), children: null });
    const { damage } = (await readCounted(serialise(stale))).evidence;
    expect(damage).toMatchObject([
      { code: "malformed", part: "chunk offsets", certain: false },
      { code: "malformed", part: "chunk offsets", certain: false },
    ]);
  });

  it("samples in another file are not read", async () => {
    const nodes = parse(mp4);
    const dinf = find(nodes, "moov/trak/mdia/minf/dinf");
    const reference = (flags: number, address: string): void => {
      dinf.body = box("dref", words(0, 1), box("url ", words(flags), ascii(address)));
    };
    reference(0, "");
    expect((await readCounted(rebuild(nodes, mp4))).evidence.unread).toEqual([]);
    reference(0, "file:///elsewhere.mov");
    const { unread } = (await readCounted(serialise(nodes))).evidence;
    expect(unread).toContainEqual({
      fact: "all",
      why: { code: "unsupported", what: "media data in another file" },
    });
  });
});

describe("the tracks that count", () => {
  it("the first enabled video track", async () => {
    const nodes = parse(mp4);
    const moov = find(nodes, "moov");
    const [trak] = parse(fixture("pixels-1280x720.mp4")).flatMap(
      (n) => n.children?.filter((c) => c.type === "trak") ?? [],
    );
    moov.children?.splice(1, 0, { type: "trak", body: new Uint8Array(), children: trak?.children ?? [] });
    poke(nodes, "moov/trak/tkhd", 0, 2);
    expect((await readCounted(serialise(nodes))).evidence.facts.width).toBe(854);
    poke(nodes, "moov/trak/tkhd", 0, 3);
    expect((await readCounted(serialise(nodes))).evidence.facts.width).toBe(1280);
  });

  it("a chapter track's images are not the video", async () => {
    const nodes = parse(mp4);
    const id = new DataView(find(nodes, "moov/trak/tkhd").body.buffer).getUint32(12);
    const audioTrack = find(nodes, "moov/trak:1");
    audioTrack.children?.push({ type: "tref", body: box("chap", words(id)), children: null });
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence).toMatchObject({ format: "m4a", kind: "audio" });
    expect(evidence.facts.width).toBeNull();
  });
});

describe("contradicting values", () => {
  it("the movie header's duration is a reading, and one of all ones is ignored", async () => {
    const nodes = parse(mp4);
    poke(nodes, "moov/mvhd", 16, 2000);
    expect((await readCounted(serialise(nodes))).evidence.durations).toEqual([
      { value: 3, from: "video-track" },
      { value: 2, from: "container" },
    ]);
    poke(nodes, "moov/mvhd", 16, 0xffffffff);
    expect((await readCounted(serialise(nodes))).evidence.durations).toEqual([
      { value: 3, from: "video-track" },
    ]);
  });

  it("the track header's size is a reading", async () => {
    const nodes = parse(mp4);
    poke(nodes, "moov/trak/tkhd", 76, 1708 * 65536, 960 * 65536);
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence.sizes.map((s) => [s.width, s.height, s.from])).toEqual([
      [854, 480, "display"],
      [1708, 960, "track-header"],
    ]);
    expect(evidence.unusual).toContain("contradiction");
  });

  it("the H.264 bitstream's size is used if the sample entry differs", async () => {
    const nodes = parse(mp4);
    const { body } = find(nodes, "moov/trak/mdia/minf/stbl/stsd");
    new DataView(body.buffer).setUint16(8 + 8 + 24, 640);
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence.facts.codedWidth).toBe(854);
    expect(evidence.sizes).toContainEqual({ width: 640, height: 480, from: "sample-entry" });
  });

  it("the HEVC bitstream's size is used, too", async () => {
    const nodes = parse(fixture("codec-hevc.mp4"));
    const before = (await readCounted(serialise(nodes))).evidence;
    const { body } = find(nodes, "moov/trak/mdia/minf/stbl/stsd");
    new DataView(body.buffer).setUint16(8 + 8 + 24, 320);
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence.facts.codedWidth).toBe(before.facts.codedWidth);
    expect(evidence.sizes.length).toBe(before.sizes.length + 1);
  });

  it("an edit does not extend past the samples", async () => {
    const nodes = parse(mp4);
    poke(nodes, "moov/trak/edts/elst", 8, 60_000);
    poke(nodes, "moov/mvhd", 16, 0);
    expect((await readCounted(serialise(nodes))).evidence.facts.duration).toBeCloseTo(3, 1);
    poke(nodes, "moov/trak/edts/elst", 8, 1500);
    poke(nodes, "moov/trak:1/edts/elst", 8, 1400);
    expect((await readCounted(serialise(nodes))).evidence.facts.duration).toBe(1.5);
  });

  it("no more samples are counted than there are sizes", async () => {
    const nodes = parse(mp4);
    poke(nodes, "moov/trak/mdia/minf/stbl/stts", 8, 0x80000000);
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence.facts).toMatchObject({ frames: 72, duration: 3, frameRate: 24 });
    expect(evidence.unusual).toContain("contradiction");
  });
});

describe("frame rates", () => {
  it("are unknown for one frame", async () => {
    const nodes = parse(fixture("mp4-h264-silent.mp4"));
    poke(nodes, "moov/trak/mdia/minf/stbl/stts", 8, 1);
    poke(nodes, "moov/trak/mdia/minf/stbl/stsz", 8, 1);
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence.facts).toMatchObject({ frameRate: null, frameRateMode: null, frames: 1 });
    expect(evidence.unread).toContainEqual({ fact: "frameRate", why: { code: "not-stated" } });
  });

  it("of NTSC have the integer of their name as a second reading", async () => {
    const { frameRates } = (await readCounted(fixture("rate-23.976.mp4"))).evidence;
    expect(frameRates).toEqual([
      { value: 24000 / 1001, from: "average" },
      { value: 24, from: "nominal" },
    ]);
    expect((await readCounted(fixture("rate-24.mp4"))).evidence.frameRates).toEqual([
      { value: 24, from: "average" },
    ]);
  });

  it("that only the last sample's duration changes have the steady rate as a second reading", async () => {
    const nodes = parse(mp4);
    find(nodes, "moov/trak/mdia/minf/stbl/stts").body = words(0, 2, 71, 512, 1, 1);
    const { evidence } = await readCounted(serialise(nodes));
    expect(evidence.facts.frameRateMode).toBe("constant");
    expect(evidence.frameRates).toEqual([
      { value: (72 * 12288) / (71 * 512 + 1), from: "average" },
      { value: 24, from: "nominal" },
    ]);
  });

  it("of a variable kind have the most common interval as a second reading", async () => {
    const { evidence } = await readCounted(fixture("vfr.mp4"));
    expect(evidence.facts.frameRateMode).toBe("variable");
    expect(evidence.frameRates.map((r) => [Math.round(r.value), r.from])).toEqual([
      [38, "average"],
      [30, "nominal"],
    ]);
  });
});

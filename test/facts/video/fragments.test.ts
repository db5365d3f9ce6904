import { describe, expect, it } from "vitest";
import { box, find, type Node, parse, poke, serialise, words } from "../../../fixtures/make/mp4-edit.ts";
import { fixture, readCounted } from "./read-counted.ts";

const fragmented = fixture("fragmented.mp4");
const read = async (nodes: Node[]) => (await readCounted(serialise(nodes))).evidence;
const whole = { width: 854, duration: 3, frameRate: 24, frames: 72, truncated: false };

describe("a fragmented MP4", () => {
  it("needs no index of its fragments", async () => {
    const evidence = await read(parse(fragmented).filter((n) => n.type !== "mfra"));
    expect(evidence.facts).toMatchObject(whole);
    expect(evidence.damage).toEqual([]);
  });

  it("needs no decode times", async () => {
    const nodes = parse(fragmented);
    for (const moof of nodes.filter((n) => n.type === "moof")) find([moof], "moof/traf/tfdt").type = "free";
    expect((await read(nodes)).facts).toMatchObject(whole);
  });

  it("may start at any time: its duration counts from its first fragment", async () => {
    const nodes = parse(fragmented);
    for (const [i, moof] of nodes.filter((n) => n.type === "moof").entries())
      poke([moof], "moof/traf/tfdt", 4, 0, 12288 * (20 + i));
    expect((await read(nodes)).facts.duration).toBe(3);
  });

  it("lasts from its first to its last frame, a gap included", async () => {
    const nodes = parse(fragmented);
    const moofs = nodes.filter((n) => n.type === "moof");
    poke([moofs.at(-1) as Node], "moof/traf/tfdt", 4, 0, 12288 * 5);
    const { facts, frameRates } = await read(nodes);
    expect(facts.duration).toBe(6);
    expect(frameRates[0]?.value).toBe(24);
  });

  it("has a longer duration of its header as a reading, but not a shorter one", async () => {
    const nodes = parse(fragmented);
    find(nodes, "moov/mvex").children?.unshift({ type: "mehd", body: words(0, 20_000), children: null });
    // The fragments' data offsets count from their own moof, so that the header may grow; mfra may not.
    const moved = nodes.filter((n) => n.type !== "mfra");
    expect((await read(moved)).durations).toEqual([
      { value: 3, from: "video-track" },
      { value: 20, from: "container" },
    ]);
    poke(moved, "moov/mvex/mehd", 4, 1000);
    expect((await read(moved)).durations).toEqual([{ value: 3, from: "video-track" }]);
  });

  it("uses default durations and sizes if the samples state none", async () => {
    const nodes = parse(fragmented);
    poke(nodes, "moov/mvex/trex", 12, 512, 10);
    const [ftyp, moov] = nodes as [Node, Node];
    const traf = box("traf", box("tfhd", words(0x20000, 1)), box("trun", words(1, 48, 76)));
    const moof = box("moof", box("mfhd", words(0, 1)), traf);
    const nodesNow = [ftyp, moov, ...parse(moof), ...parse(box("mdat", new Uint8Array(480)))];
    const evidence = await read(nodesNow);
    expect(evidence.facts).toMatchObject({ duration: 2, frameRate: 24, frames: 48 });
    expect(evidence.damage).toEqual([]);
    const short = await read([ftyp, moov, ...parse(moof), ...parse(box("mdat", new Uint8Array(300)))]);
    expect(short.damage).toMatchObject([{ code: "cut-short", certain: true }]);
  });

  it("adds fragments to the samples of the moov", async () => {
    const { evidence } = await readCounted(fixture("fragmented-after-moov.mp4"));
    expect(evidence.facts).toMatchObject(whole);
  });
});

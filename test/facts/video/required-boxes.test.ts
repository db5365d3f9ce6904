import { describe, expect, it } from "vitest";
import { find, type Node, parse, poke, rebuild } from "../../../fixtures/make/mp4-edit.ts";
import { fixture, readCounted } from "./read-counted.ts";

/*
 * Structures that decoders require. Each file here is a valid one with one box broken, and is refused by FFmpeg 5.1 and
 * Chromium 153.
 */

const mp4 = fixture("b-frames.mp4");
const stbl = "moov/trak/mdia/minf/stbl";
const dref = "moov/trak/mdia/minf/dinf/dref";

/** What is suspected of the fixture with its boxes changed. */
async function summary(change: (nodes: Node[]) => void): Promise<string[]> {
  const nodes = parse(mp4);
  const dinf = find(nodes, "moov/trak/mdia/minf/dinf");
  dinf.children = parse(dinf.body);
  change(nodes);
  const { evidence } = await readCounted(rebuild(nodes, mp4));
  return evidence.damage.map((d) => `${d.code} ${d.part}`);
}
const poked = (path: string, at: number, ...values: number[]): Promise<string[]> =>
  summary((nodes) => poke(nodes, path, at, ...values));

describe("a video whose boxes decoders refuse does not pass", () => {
  it("the unchanged fixture passes", async () => expect(await summary(() => {})).toEqual([]));
  it.each([
    ["more sync samples than the box holds", `${stbl}/stss`, 4, [0x7fffffff], "stss"],
    ["more composition offsets", `${stbl}/ctts`, 4, [0x7fffffff], "ctts"],
    ["a media header of an unknown version", "moov/trak/mdia/mdhd", 0, [0x7fffffff], "mdhd"],
    ["no data reference", dref, 4, [0], "dref"],
    ["more data references than there are", dref, 4, [2], "dref"],
    ["a data reference that is too short", dref, 8, [11], "dref"],
    ["a data reference without an end", dref, 8, [0], "dref"],
    ["samples in a data reference that is not there", `${stbl}/stsd`, 20, [2], "dref"],
    ["no sample entry", `${stbl}/stsd`, 4, [0], "stsd"],
    ["more sample entries than there are", `${stbl}/stsd`, 4, [2], "stsd"],
    ["a sample entry larger than its table", `${stbl}/stsd`, 8, [5000], "stsd"],
    ["a sample entry of no type", `${stbl}/stsd`, 12, [0], "stsd"],
    ["a chunk of a sample entry that is not there", `${stbl}/stsc`, 16, [2], "stsc"],
    ["chunks of no samples", `${stbl}/stsc`, 12, [0], "stsc"],
    ["samples before the first chunk", `${stbl}/stsc`, 8, [2], "stsc"],
    ["a first sample of another size", `${stbl}/stsz`, 12, [700], "first sample"],
    ["a second sample of another size", `${stbl}/stsz`, 16, [7], "sample 2"],
  ] as const)("%s", async (_, path, at, values, part) =>
    expect(await poked(path, at, ...values)).toContain(`malformed ${part}`),
  );
  it("offsets that are off by one byte", async () => {
    const { body } = find(parse(mp4), `${stbl}/stco`);
    const offset = new DataView(body.buffer, body.byteOffset).getUint32(8);
    expect(await poked(`${stbl}/stco`, 8, offset + 1)).toEqual(["malformed first sample"]);
  });
  it("decoder configurations of another version, or without valid parameter sets", async () => {
    const changed = (at: number, value: number) =>
      summary((nodes) => {
        const { body } = find(nodes, `${stbl}/stsd`);
        body[Buffer.from(body).indexOf("avcC", 0, "latin1") + 4 + at] = value;
      });
    expect(await changed(0, 0)).toEqual(["malformed stsd"]);
    // The first parameter set's length and type.
    expect(await changed(6, 0x7f)).toEqual(["malformed stsd"]);
    expect(await changed(8, 0x65)).toEqual(["malformed stsd"]);
  });
  it("a decoder configuration with sequence parameter sets and without picture parameter sets", async () => {
    const without = summary((nodes) => {
      const { body } = find(nodes, `${stbl}/stsd`);
      const avcC = Buffer.from(body).indexOf("avcC", 0, "latin1") + 4;
      const view = new DataView(body.buffer, body.byteOffset);
      // The number of picture parameter sets follows the only sequence parameter set.
      body[avcC + 8 + view.getUint16(avcC + 6)] = 0;
    });
    expect(await without).toEqual(["malformed stsd"]);
  });
});

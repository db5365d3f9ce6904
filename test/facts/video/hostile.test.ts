import { describe, expect, it } from "vitest";
import { ascii, box, concat, find, parse, serialise, words } from "../../../fixtures/make/mp4-edit.ts";
import { cpuMilliseconds, timed } from "../../timing.ts";
import { fixture, readCounted } from "./read-counted.ts";

/* Files that are made to cost work. Apart from the other tests: mutants are not measured by them. */

const mp4 = fixture("mp4-h264-aac.mp4");
const ftyp = box("ftyp", ascii("isom"), words(512), ascii("isomiso2avc1mp41"));

const repeat = (one: Uint8Array, times: number): Uint8Array => {
  const out = new Uint8Array(one.length * times);
  for (let i = 0; i < times; i++) out.set(one, i * one.length);
  return out;
};

describe("hostile structures stay inside the budget", () => {
  const time = 1000; // the budget itself; on an idle machine these take a tenth of it
  it.each([
    ["500,000 empty boxes", concat(ftyp, repeat(box("free"), 500_000))],
    ["500,000 tracks", concat(ftyp, box("moov", repeat(box("trak"), 500_000)))],
    ["20 MB of zeros", concat(ftyp, new Uint8Array(20_000_000))],
    ["0xFF throughout", concat(ftyp, new Uint8Array(2_000_000).fill(255))],
  ])("%s", timed, async (_, bytes) => {
    const started = cpuMilliseconds();
    const { evidence, bytesRead } = await readCounted(bytes);
    expect(cpuMilliseconds() - started).toBeLessThan(time);
    expect(bytesRead).toBeLessThan(4_000_000);
    expect(evidence.damage.length + evidence.unread.length).toBeGreaterThan(0);
  });

  it("boxes nested 2,000 deep", async () => {
    let nest = box("free");
    for (let i = 0; i < 2000; i++) nest = box(i % 2 ? "mdia" : "minf", nest);
    const { evidence } = await readCounted(concat(ftyp, box("moov", box("trak", nest))));
    expect(evidence.unread).toEqual([{ fact: "all", why: { code: "budget", which: "depth" } }]);
  });

  it("a table that exceeds the budget is abandoned, and facts read before remain", async () => {
    const nodes = parse(mp4);
    const entries = new Uint8Array(8 + 60_000 * 8);
    entries.set(words(0, 60_000));
    find(nodes, "moov/trak/mdia/minf/stbl/stts").body = entries;
    // The clock stays out of it: a busy machine would end it sooner.
    const budgets = { entries: 50_000, milliseconds: Number.POSITIVE_INFINITY };
    const { evidence } = await readCounted(serialise(nodes), budgets);
    expect(evidence.unread).toContainEqual({ fact: "all", why: { code: "budget", which: "entries" } });
    expect(evidence.facts.width).toBe(854);
  });
});

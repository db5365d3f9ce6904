import { describe, expect, test } from "vitest";
import {
  type Bytes,
  box,
  full,
  grid,
  type Item,
  ispe,
  join,
  u8,
  u16,
  u32,
} from "../../../fixtures/make/heif-build.ts";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { cpuMilliseconds, timed } from "../../timing.ts";
import { readEvidence } from "../read-evidence.ts";
import { fixture, picture, read, readLayout, shown } from "./heif-files.ts";

/* Pictures that are made to cost work. Apart from the other tests: mutants are not measured by them. */

describe("hostile image tables", () => {
  const metaWith = (...parts: Bytes[]): Bytes =>
    join(
      box("ftyp", "heic", u32(0), "mif1"),
      full(
        "meta",
        0,
        0,
        full("hdlr", 0, 0, u32(0), "pict", u32(0, 0, 0), u8(0)),
        full("pitm", 0, 0, u16(1)),
        ...parts,
      ),
    );
  const many = 0x7fffffff;

  test.each<[string, Bytes]>([
    ["items", metaWith(full("iinf", 1, 0, u32(many)))],
    ["locations", metaWith(full("iloc", 2, 0, u8(0x44, 0x40), u32(many)))],
    ["locations of no bytes", metaWith(full("iloc", 1, 0, u8(0, 0), u16(65535), new Uint8Array(600_000)))],
    ["extents of no bytes", metaWith(full("iloc", 0, 0, u8(0, 0), u16(2), u16(1, 0, 65535, 2, 0, 65535)))],
    [
      "associations",
      metaWith(box("iprp", box("ipco"), full("ipma", 1, 1, u32(many), new Uint8Array(900_000)))),
    ],
    ["references", metaWith(full("iref", 0, 0, box("dimg", u16(1, 65535))))],
    ["empty boxes", metaWith(new Uint8Array(320_000).map((_, i) => box("free")[i % 8] ?? 0))],
  ])("%s by the billion end within the time limit", timed, async (_, bytes) => {
    const before = cpuMilliseconds();
    const evidence = await readEvidence(fromBytes(bytes));
    expect(cpuMilliseconds() - before).toBeLessThan(500);
    expect(evidence.damage.some((d) => d.certain) || evidence.unread.length > 0).toBe(true);
  });

  test("grids derived from themselves, and from each other", async () => {
    const items: Item[] = [1, 2, 3].map((id) => ({
      id,
      type: "grid",
      data: grid(1, 1, 640, 480),
      properties: [ispe(640, 480)],
      sources: [(id % 3) + 1, id],
    }));
    const evidence = await readLayout({ items });
    expect(shown(evidence)).toEqual([640, 480, 0]);
    expect(evidence.budget.spent.entries).toBeLessThan(1000);
  });

  test("65,535 tiles, all the same item", timed, async () => {
    const sources = Array.from({ length: 65_535 }, () => 1);
    const big: Item = {
      id: 2,
      type: "grid",
      data: grid(256, 256, 640, 480),
      properties: [ispe(640, 480)],
      sources,
    };
    const before = cpuMilliseconds();
    await readLayout({ items: [picture(), big], primary: 2 });
    expect(cpuMilliseconds() - before).toBeLessThan(500);
  });

  test("any byte changed gives facts or damage, never an exception", async () => {
    const whole = fixture("image/heic-grid-turned-450x600.heic");
    for (let at = 0; at < 900; at++)
      for (const value of [0, 255, 127]) {
        const bytes = whole.slice();
        bytes[at] = value;
        const { facts } = await read(bytes);
        expect(facts.width === null || facts.width > 0).toBe(true);
      }
  });
});

test("20 MB of zeros after SOI take little time", timed, async () => {
  const start = cpuMilliseconds();
  const { damage } = await readEvidence(
    fromBytes(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 2]), Buffer.alloc(20e6)])),
  );
  expect(cpuMilliseconds() - start).toBeLessThan(250);
  expect(damage).not.toEqual([]);
});

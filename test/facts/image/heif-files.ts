import { readFileSync } from "node:fs";
import {
  type Bytes,
  heifFile,
  type Item,
  ispe,
  type Layout,
  pictureOf,
} from "../../../fixtures/make/heif-build.ts";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { Budget } from "../../../src/facts/budget.ts";
import { Cursor, EndOfData } from "../../../src/facts/cursor.ts";
import { deriveFacts } from "../../../src/facts/derive-facts.ts";
import { type Evidence, newEvidence } from "../../../src/facts/evidence.ts";
import { readHeif } from "../../../src/facts/image/heif.ts";

/** A fixture, by its path. */
export const fixture = (name: string): Bytes => new Uint8Array(readFileSync(`fixtures/${name}`));
export const { hvcC, data } = pictureOf(fixture("image/heic-640x480.heic"));

/** A coded picture of 640×480 as an item. */
export const picture = (id = 1, ...more: Bytes[]): Item => ({
  id,
  type: "hvc1",
  data,
  properties: [hvcC, ispe(640, 480), ...more],
});

/** The parser alone, without signature detection. */
export async function read(bytes: Bytes): Promise<Evidence & { budget: Budget }> {
  const evidence = newEvidence(bytes.length);
  const budget = new Budget();
  try {
    await readHeif(new Cursor(fromBytes(bytes), budget), evidence);
  } catch (stop) {
    if (!(stop instanceof EndOfData)) throw stop;
    evidence.damage.push({ code: "cut-short", part: "file", at: null, missing: null, certain: true });
  }
  deriveFacts(evidence);
  return { ...evidence, budget };
}
export const readLayout = (layout: Layout): ReturnType<typeof read> => read(heifFile(layout));

/** Width, height and rotation. */
export const shown = ({ facts }: Evidence): unknown[] => [facts.width, facts.height, facts.rotation];

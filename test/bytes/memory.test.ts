import { expect, test } from "vitest";
import { fromBytes } from "../../src/bytes/memory.ts";
import { lengthened } from "../facts/cross-check/sources.ts";
import { readEvidence } from "../facts/read-evidence.ts";

/* Bytes in memory: reads, and their cost in the budget. */

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);

test("reads are views of the same bytes, clamped to their end", () => {
  const source = fromBytes(bytes, "a.png");
  expect([source.size, source.name, fromBytes(bytes).name]).toEqual([100, "a.png", null]);
  const part = source.read(90, 20) as Uint8Array;
  expect([...part]).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  expect(part.buffer).toBe(bytes.buffer);
  expect(source.read(100, 5)).toHaveLength(0);
});

test("a video larger than the read budget is read only where its headers are", async () => {
  const film = lengthened("video/mp4-moov-first.mp4", 60 << 20);
  const budgets = { bytes: 1 << 20, milliseconds: Number.POSITIVE_INFINITY };
  const { facts, unread } = await readEvidence(film, { budgets });
  expect(unread).toEqual([]);
  expect([facts.width, facts.duration]).toEqual([854, 3]);
});

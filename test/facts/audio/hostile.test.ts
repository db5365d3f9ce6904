import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { cpuMilliseconds, timed } from "../../timing.ts";
import { readEvidence } from "../read-evidence.ts";
import { bytesOf, id3 } from "./audio-bytes.ts";

/* Bytes that are made to cost work. Apart from the other tests: mutants are not measured by them. */

describe("hostile audio bytes end at the parse budget", () => {
  const size = 6 << 20;
  const pattern = (...bytes: number[]): Uint8Array => Buffer.alloc(size, Buffer.from(bytes));
  test.each([
    ["0xFF", pattern(0xff)],
    ["headers and nothing else", pattern(0xff, 0xfb, 0x90, 0)],
    ["free format everywhere", pattern(0xff, 0xfb, 0, 0)],
    ["lone headers", pattern(0xff, 0xfb, 0x90, 0, ...new Array<number>(414).fill(0xff))],
    ["ID3 tags", pattern(0x49, 0x44, 0x33, 0, 0, 0, 0, 0, 0, 0)],
    ["zeros", pattern(0)],
  ])("%s", timed, async (_, bytes) => {
    const from = cpuMilliseconds();
    const evidence = await readEvidence(fromBytes(bytesOf(id3(0), bytes)));
    expect(evidence.format).toBe("mp3");
    // 15 to 90 ms; the rest is for slower machines.
    expect(cpuMilliseconds() - from).toBeLessThan(1000);
  });
});

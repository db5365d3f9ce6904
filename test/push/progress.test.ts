import { describe, expect, it } from "vitest";
import { emptyTally, type Tally, totalsOf, withBytesSent, withFileDone } from "../../src/push/progress.ts";

describe("progress", () => {
  it("computes rate and time left from the last seconds", () => {
    let tally = { ...emptyTally, files: 4, complete: true };
    tally = withBytesSent(tally, "a", 0, 1000, 0);
    tally = withBytesSent(tally, "a", 500, 1000, 1000);
    expect(totalsOf(tally, 1000)).toEqual({
      files: { done: 0, total: 4 },
      bytes: 500,
      bytesPerSecond: 500,
      // 500 of this one, and three more taken for as large
      secondsLeft: 7,
    });
    tally = withFileDone(withBytesSent(tally, "a", 1000, 1000, 2000), "a", 1000);
    expect(totalsOf(tally, 2000)).toMatchObject({
      files: { done: 1, total: 4 },
      bytes: 1000,
      secondsLeft: 6,
    });
  });
  it("has no rate before anything was sent", () => {
    expect(totalsOf({ ...emptyTally, files: 2 }, 0)).toEqual({
      files: { done: 0, total: null },
      bytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    });
  });
  it("counts a restarted upload once", () => {
    let tally = withBytesSent(emptyTally, "a", 900, 1000, 0);
    tally = withBytesSent(tally, "a", 100, 1000, 500);
    expect(totalsOf(tally, 1000).bytes).toBe(100);
  });

  const of = (files: number, complete = true): Tally => ({ ...emptyTally, files, complete });

  it("takes four samples per second, however often progress is reported", () => {
    let tally = of(1);
    for (const at of [0, 100, 249, 250, 400, 499, 500]) tally = withBytesSent(tally, "a", at, 1000, at);
    expect(tally.samples).toEqual([
      { at: 0, sent: 0 },
      { at: 250, sent: 250 },
      { at: 500, sent: 500 },
    ]);
    // What was sent is known to the byte all the same.
    expect(totalsOf(withBytesSent(tally, "a", 600, 1000, 501), 501).bytes).toBe(600);
  });

  it("drops samples older than ten seconds", () => {
    let tally = of(1);
    for (const at of [0, 5000, 10_000]) tally = withBytesSent(tally, "a", at, 40_000, at);
    expect(tally.samples.map(({ at }) => at)).toEqual([0, 5000, 10_000]);
    expect(totalsOf(tally, 10_000).bytesPerSecond).toBe(1000);
    tally = withBytesSent(tally, "a", 30_000, 40_000, 15_000);
    expect(tally.samples.map(({ at }) => at)).toEqual([5000, 10_000, 15_000]);
    expect(totalsOf(tally, 15_000)).toMatchObject({ bytesPerSecond: 2500, secondsLeft: 4 });
    // Time goes on while nothing is sent: the rate is of the last ten seconds still.
    expect(totalsOf(tally, 17_500).bytesPerSecond).toBe(20_000 / 7.5);
    expect(totalsOf(tally, 25_000).bytesPerSecond).toBe(0);
    expect(totalsOf(tally, 25_001)).toMatchObject({ bytesPerSecond: null, secondsLeft: null });
  });

  it("has a rate after half a second", () => {
    let tally = withBytesSent(of(1), "a", 0, 1000, 1000);
    tally = withBytesSent(tally, "a", 300, 1000, 1499);
    expect(totalsOf(tally, 1499).bytesPerSecond).toBeNull();
    expect(totalsOf(tally, 1500).bytesPerSecond).toBe(600);
  });

  it("has no rate without bytes, and never a negative one", () => {
    expect(totalsOf(withBytesSent(of(1), "a", 0, 1000, 0), 1000)).toMatchObject({
      bytesPerSecond: null,
      secondsLeft: null,
    });
    let tally = withBytesSent(of(1), "a", 900, 1000, 0);
    tally = withBytesSent(tally, "a", 100, 1000, 1000);
    expect(totalsOf(tally, 1000)).toMatchObject({ bytesPerSecond: 0, secondsLeft: null });
  });

  it("has no time left while files are still being found", () => {
    let tally = withBytesSent(of(9, false), "a", 0, 1000, 0);
    tally = withBytesSent(tally, "a", 500, 1000, 1000);
    expect(totalsOf(tally, 1000)).toMatchObject({
      files: { total: null },
      bytesPerSecond: 500,
      secondsLeft: null,
    });
  });

  it("assumes that remaining files are as large as the others on average", () => {
    // One of 3,000 bytes is done, one of 1,000 is half sent, two are not begun.
    let tally = withFileDone(
      withBytesSent(withBytesSent(of(4), "a", 0, 3000, 0), "a", 3000, 3000, 500),
      "a",
      3000,
    );
    tally = withBytesSent(tally, "b", 500, 1000, 1000);
    expect(totalsOf(tally, 1000)).toMatchObject({
      bytes: 3500,
      bytesPerSecond: 3500,
      secondsLeft: (500 + 2 * 2000) / 3500,
    });
    // More are done than were counted: nothing is left of them.
    expect(totalsOf({ ...tally, files: 1 }, 1000).secondsLeft).toBe(500 / 3500);
  });

  it("counts finished files of which nothing was sent", () => {
    const tally = withFileDone(of(2), "a", 700);
    expect([tally.done, tally.bytesDone, tally.bytesSent]).toEqual([1, 700, 0]);
    expect(totalsOf(tally, 0)).toEqual({
      files: { done: 1, total: 2 },
      bytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    });
  });
});

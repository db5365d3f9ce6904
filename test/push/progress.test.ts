import { describe, expect, it } from "vitest";
import { limit } from "../../src/async/limit.ts";
import { done, emptyTally, overall, sent, type Tally } from "../../src/push/progress.ts";

describe("limit", () => {
  it("let no more than so many run, and keep the order", async () => {
    const turn = limit(2);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        turn(async () => {
          most = Math.max(most, ++inside);
          order.push(n);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
          if (n === 2) throw new Error("one that fails gives its place on");
        }).catch(() => {}),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("progress", () => {
  it("knows rate and time left from what was sent over the last seconds", () => {
    let tally = { ...emptyTally, files: 4, complete: true };
    tally = sent(tally, "a", 0, 1000, 0);
    tally = sent(tally, "a", 500, 1000, 1000);
    expect(overall(tally, 1000)).toEqual({
      files: { done: 0, total: 4 },
      bytes: 500,
      bytesPerSecond: 500,
      // 500 of this one, and three more taken for as large
      secondsLeft: 7,
    });
    tally = done(sent(tally, "a", 1000, 1000, 2000), "a", 1000);
    expect(overall(tally, 2000)).toMatchObject({ files: { done: 1, total: 4 }, bytes: 1000, secondsLeft: 6 });
  });
  it("does not guess before anything was sent, nor while files are still being found", () => {
    expect(overall({ ...emptyTally, files: 2 }, 0)).toEqual({
      files: { done: 0, total: null },
      bytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    });
  });
  it("counts an upload that starts over once", () => {
    let tally = sent(emptyTally, "a", 900, 1000, 0);
    tally = sent(tally, "a", 100, 1000, 500);
    expect(overall(tally, 1000).bytes).toBe(100);
  });

  const of = (files: number, complete = true): Tally => ({ ...emptyTally, files, complete });

  it("takes four samples a second, however often it is told", () => {
    let tally = of(1);
    for (const at of [0, 100, 249, 250, 400, 499, 500]) tally = sent(tally, "a", at, 1000, at);
    expect(tally.samples).toEqual([
      { at: 0, sent: 0 },
      { at: 250, sent: 250 },
      { at: 500, sent: 500 },
    ]);
    // What was sent is known to the byte all the same.
    expect(overall(sent(tally, "a", 600, 1000, 501), 501).bytes).toBe(600);
  });

  it("forgets what is more than ten seconds old", () => {
    let tally = of(1);
    for (const at of [0, 5000, 10_000]) tally = sent(tally, "a", at, 40_000, at);
    expect(tally.samples.map(({ at }) => at)).toEqual([0, 5000, 10_000]);
    expect(overall(tally, 10_000).bytesPerSecond).toBe(1000);
    tally = sent(tally, "a", 30_000, 40_000, 15_000);
    expect(tally.samples.map(({ at }) => at)).toEqual([5000, 10_000, 15_000]);
    expect(overall(tally, 15_000)).toMatchObject({ bytesPerSecond: 2500, secondsLeft: 4 });
    // Time goes on while nothing is sent: the rate is of the last ten seconds still.
    expect(overall(tally, 17_500).bytesPerSecond).toBe(20_000 / 7.5);
    expect(overall(tally, 25_000).bytesPerSecond).toBe(0);
    expect(overall(tally, 25_001)).toMatchObject({ bytesPerSecond: null, secondsLeft: null });
  });

  it("knows a rate after half a second, and not before", () => {
    let tally = sent(of(1), "a", 0, 1000, 1000);
    tally = sent(tally, "a", 300, 1000, 1499);
    expect(overall(tally, 1499).bytesPerSecond).toBeNull();
    expect(overall(tally, 1500).bytesPerSecond).toBe(600);
  });

  it("knows no rate of nothing, and none below it", () => {
    expect(overall(sent(of(1), "a", 0, 1000, 0), 1000)).toMatchObject({
      bytesPerSecond: null,
      secondsLeft: null,
    });
    let tally = sent(of(1), "a", 900, 1000, 0);
    tally = sent(tally, "a", 100, 1000, 1000);
    expect(overall(tally, 1000)).toMatchObject({ bytesPerSecond: 0, secondsLeft: null });
  });

  it("does not guess how long it takes while files are still being found", () => {
    let tally = sent(of(9, false), "a", 0, 1000, 0);
    tally = sent(tally, "a", 500, 1000, 1000);
    expect(overall(tally, 1000)).toMatchObject({
      files: { total: null },
      bytesPerSecond: 500,
      secondsLeft: null,
    });
  });

  it("takes files that are not begun for as large as the others on average", () => {
    // One of 3,000 bytes is done, one of 1,000 is half sent, two are not begun.
    let tally = done(sent(sent(of(4), "a", 0, 3000, 0), "a", 3000, 3000, 500), "a", 3000);
    tally = sent(tally, "b", 500, 1000, 1000);
    expect(overall(tally, 1000)).toMatchObject({
      bytes: 3500,
      bytesPerSecond: 3500,
      secondsLeft: (500 + 2 * 2000) / 3500,
    });
    // More are done than were counted: nothing is left of them.
    expect(overall({ ...tally, files: 1 }, 1000).secondsLeft).toBe(500 / 3500);
  });

  it("counts what was done without a byte that was sent", () => {
    const tally = done(of(2), "a", 700);
    expect([tally.done, tally.bytesDone, tally.bytesSent]).toEqual([1, 700, 0]);
    expect(overall(tally, 0)).toEqual({
      files: { done: 1, total: 2 },
      bytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    });
  });
});

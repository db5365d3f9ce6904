import { afterEach, describe, expect, test, vi } from "vitest";
import { preloadReaders } from "../../src/facts/preload-readers.ts";
import { readersAtHand } from "../../src/facts/readers-at-hand.ts";
import { readersOnDemand } from "../../src/facts/readers-on-demand.ts";

/* Pages load readers when they are first wanted: the same ones, and an error that says what to do where they cannot. */

test.each(Object.keys(readersAtHand) as (keyof typeof readersAtHand)[])(
  "%s comes as the one that Node has at hand",
  async (name) => {
    const part = await readersOnDemand[name]();
    expect(part).toBeTypeOf(name === "others" ? "object" : "function");
    expect(part).toBe(await readersAtHand[name]());
  },
);

describe("where the page's own site has gone", () => {
  const wav = "../../src/facts/audio/wav.ts";
  afterEach(() => void vi.doUnmock(wav));
  const lost = (): void =>
    void vi.doMock(wav, () => {
      throw new Error("Failed to fetch dynamically imported module");
    });

  test("a reader that does not come is an error that can be retried, and says how", async () => {
    lost();
    await expect(readersOnDemand.wav()).rejects.toMatchObject({
      code: "network",
      message: "the reader for this file could not be loaded",
      hint: "reload the page; preloadReaders() loads readers ahead",
      retryable: true,
      cause: expect.any(Error),
    });
    expect(await readersOnDemand.mp3()).toBeTypeOf("function");
  });

  test("loading ahead does what it can, and never rejects", async () => {
    lost();
    expect(await preloadReaders()).toBeUndefined();
  });
});

test("loading ahead loads every one", async () => {
  const loads = Object.keys(readersOnDemand).map((name) =>
    vi.spyOn(readersOnDemand, name as keyof typeof readersOnDemand),
  );
  await preloadReaders();
  for (const load of loads) expect(load).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});

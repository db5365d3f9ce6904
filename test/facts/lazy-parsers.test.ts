import { afterEach, describe, expect, test, vi } from "vitest";
import { bundledParsers } from "../../src/facts/bundled-parsers.ts";
import { lazyParsers } from "../../src/facts/lazy-parsers.ts";
import { preloadParsers } from "../../src/facts/preload-parsers.ts";

/* Pages load readers when they are first wanted: the same ones, and an error that says what to do where they cannot. */

test.each(Object.keys(bundledParsers) as (keyof typeof bundledParsers)[])(
  "%s comes as the one that Node has at hand",
  async (name) => {
    const part = await lazyParsers[name]();
    expect(part).toBeTypeOf(name === "others" ? "object" : "function");
    expect(part).toBe(await bundledParsers[name]());
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
    await expect(lazyParsers.wav()).rejects.toMatchObject({
      code: "network",
      message: "the reader for this file could not be loaded",
      hint: "reload the page; preloadParsers() loads readers ahead",
      retryable: true,
      cause: expect.any(Error),
    });
    expect(await lazyParsers.mp3()).toBeTypeOf("function");
  });

  test("loading ahead does what it can, and never rejects", async () => {
    lost();
    expect(await preloadParsers()).toBeUndefined();
  });
});

test("loading ahead loads every one", async () => {
  const loads = Object.keys(lazyParsers).map((name) =>
    vi.spyOn(lazyParsers, name as keyof typeof lazyParsers),
  );
  await preloadParsers();
  for (const load of loads) expect(load).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});

import { afterEach, describe, expect, test, vi } from "vitest";
import { bundledParsers } from "../../src/facts/bundled-parsers.ts";
import { lazyParsers } from "../../src/facts/lazy-parsers.ts";
import { preloadParsers } from "../../src/facts/preload-parsers.ts";

/* Pages load each parser with the first file that needs it: the same parsers as on Node.js, and a clear error if one cannot be loaded. */

test.each(Object.keys(bundledParsers) as (keyof typeof bundledParsers)[])(
  "%s is the parser that Node.js uses",
  async (name) => {
    const part = await lazyParsers[name]();
    expect(part).toBeTypeOf(name === "others" ? "object" : "function");
    expect(part).toBe(await bundledParsers[name]());
  },
);

describe("if the page's own site cannot be reached", () => {
  const wav = "../../src/facts/audio/wav.ts";
  afterEach(() => void vi.doUnmock(wav));
  const makeImportFail = (): void =>
    void vi.doMock(wav, () => {
      throw new Error("Failed to fetch dynamically imported module");
    });

  test("a parser that cannot be loaded is a retryable error with a hint", async () => {
    makeImportFail();
    await expect(lazyParsers.wav()).rejects.toMatchObject({
      code: "network",
      message: expect.stringContaining("could not be loaded"),
      hint: "check the connection and try again",
      retryable: true,
      cause: expect.any(Error),
    });
    expect(await lazyParsers.mp3()).toBeTypeOf("function");
  });

  test("preloading loads what it can, and never rejects", async () => {
    makeImportFail();
    expect(await preloadParsers()).toBeUndefined();
  });
});

test("preloading loads every parser", async () => {
  const loads = Object.keys(lazyParsers).map((name) =>
    vi.spyOn(lazyParsers, name as keyof typeof lazyParsers),
  );
  await preloadParsers();
  for (const load of loads) expect(load).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { preflightAll as preflightAllInPage } from "../../src/browser.ts";
import { preflight, preflightAll } from "../../src/index.ts";

const fixture = (name: string): string => new URL(`../../fixtures/${name}`, import.meta.url).pathname;
const good = fixture("image/jpeg-640x480.jpg");
const narrow = fixture("image/jpeg-299x300.jpg");

test("results are in the order of the inputs, with an error for an input that could not be read", async () => {
  const inputs = [good, "/no/such/file.mp4", narrow, 42 as never];
  const seen: number[] = [];
  const results = await preflightAll(inputs, {
    concurrency: 2,
    onReport: (result, index) => {
      seen.push(index);
      if (index === 0) expect(result).toMatchObject({ file: good, ok: true });
    },
  });
  expect(results.map(({ verdict }) => verdict)).toEqual(["pass", null, "fail", null]);
  expect(results.map(({ ok }) => ok)).toEqual([true, false, false, false]);
  expect(results[1]).toMatchObject({ file: "/no/such/file.mp4", error: { code: "not-found" } });
  expect(results[3]).toMatchObject({ file: null, error: { code: "usage" } });
  expect(seen.toSorted()).toEqual([0, 1, 2, 3]);
  expect(results[0]).toEqual(await preflight(good));
});

test("a page checks many Blobs", async () => {
  const blobs = [good, narrow].map((path) => new Blob([readFileSync(path)]));
  const results = await preflightAllInPage(blobs);
  expect(results.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
});

test("no more than `concurrency` inputs are taken at a time, from an async iterable too", async () => {
  let open = 0;
  let most = 0;
  const source = () => {
    most = Math.max(most, ++open);
    return {
      size: 3,
      name: null,
      minReadSize: 1,
      read: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return new Uint8Array(3);
      },
      close: () => {
        open--;
      },
    };
  };
  async function* sources() {
    for (let i = 0; i < 12; i++) yield source();
  }
  const results = await preflightAll(sources(), { concurrency: 3 });
  expect([results.length, open]).toEqual([12, 0]);
  expect(most).toBeLessThanOrEqual(3);
});

test("a bad table, a bad option and a fired signal reject, since they concern every input", async () => {
  await expect(preflightAll([good], { rules: "no-such-table" })).rejects.toMatchObject({ code: "usage" });
  await expect(preflightAll([good], { concurency: 2 } as never)).rejects.toMatchObject({
    hint: "did you mean concurrency?",
  });
  await expect(preflightAll([good], { concurrency: 0 })).rejects.toMatchObject({ code: "usage" });
  await expect(preflightAll([good], { name: "x" } as never)).rejects.toMatchObject({ code: "usage" });
  await expect(preflightAll([good], { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "aborted",
  });
});

test("a throwing onReport does not stop the run", async () => {
  process.once("warning", () => {});
  const results = await preflightAll([good, narrow], {
    onReport: () => {
      throw new Error("the caller's own");
    },
  });
  expect(results).toHaveLength(2);
});

test.each(["clip.mp4", 5, undefined, {}])("%j instead of many files is a usage error", async (inputs) => {
  await expect(preflightAll(inputs as never)).rejects.toMatchObject({ code: "usage" });
});

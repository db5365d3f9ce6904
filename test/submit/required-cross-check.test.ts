import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { preflight } from "../../src/index.ts";
import type { CrossCheckOptions } from "../../src/preflight/cross-check-options.ts";
import type { PreflightOptions } from "../../src/preflight/preflight.ts";
import { checkInput } from "../../src/submit/check-input.ts";
import { nodePlatform } from "../../src/submit/input/platform.node.ts";
import { serviceInMemory } from "./client-in-memory.ts";

/* MediaInfo is required for every video that is submitted on Node.js, and wherever crossCheck is "always": if it cannot
   run there, the file is unsure, and nothing lets it through. */

const video = fileURLToPath(new URL("../../fixtures/video/mp4-h264-aac.mp4", import.meta.url));
const heic = fileURLToPath(new URL("../../fixtures/image/heic-grid-600x450.heic", import.meta.url));
const { client: atlas } = serviceInMemory();

const broken: [string, CrossCheckOptions, string][] = [
  ["the WebAssembly is not the pinned one", { wasm: import.meta.url }, "is not the pinned MediaInfo module"],
  [
    "the worker cannot start",
    { worker: new URL("./no-such-worker.mjs", import.meta.url) },
    "no-such-worker.mjs",
  ],
  ["the library takes too long", { timeout: 0.01 }, "was terminated"],
];

describe.each(broken)("when %s", (_, crossCheckOptions, why) => {
  test('crossCheck "always" makes a valid video unsure', async () => {
    const report = await preflight(video, { crossCheck: "always", crossCheckOptions });
    expect(report).toMatchObject({
      verdict: "unsure",
      ok: false,
      findings: [{ rule: "video/cross-check", verdict: "unsure", reason: "unread", actual: "mediainfo" }],
    });
    expect(report.findings[0]?.message).toContain(why);
    expect(report.findings[0]?.hint).toMatch(/^try again/);
  });

  test("submit refuses the video, even with acceptUnsure", async () => {
    const refused = checkInput(
      nodePlatform(preflight),
      video,
      { atlas, acceptUnsure: true, crossCheckOptions },
      true,
    );
    await expect(refused).rejects.toMatchObject({
      code: "refused",
      report: { verdict: "unsure", findings: [{ rule: "video/cross-check" }] },
    });
  });

  test("a page, where MediaInfo is optional, passes it", async () => {
    const page = { ...nodePlatform(preflight), crossCheckOptional: true } as const;
    const { outcome } = await checkInput(page, video, { atlas, crossCheckOptions }, true);
    expect(outcome).toBe("passed");
    await expect(
      checkInput(page, video, { atlas, crossCheckOptions, crossCheck: "always" }, true),
    ).rejects.toMatchObject({ code: "refused" });
  });

  test('without the requirement ("auto", "never") it passes', async () => {
    const policies: PreflightOptions["crossCheck"][] = ["auto", "never"];
    for (const crossCheck of policies)
      expect((await preflight(video, { crossCheck, crossCheckOptions })).verdict).toBe("pass");
  });
});

test("a format that no library reads correctly needs no cross-check, even if one is required", async () => {
  const report = await preflight(heic, { crossCheck: "always" });
  expect(report.verdict).toBe("pass");
  expect(report.findings).toMatchObject([{ rule: "image/cross-check", verdict: "note" }]);
});

test("a file that fails anyway is not also reported as unsure", async () => {
  const cut = fileURLToPath(new URL("../../fixtures/video/duration-1.9s.mp4", import.meta.url));
  const report = await preflight(cut, { crossCheck: "always", crossCheckOptions: { wasm: import.meta.url } });
  expect(report.verdict).toBe("fail");
});

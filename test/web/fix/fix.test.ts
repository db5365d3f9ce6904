import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timed } from "../../timing.ts";
import { type Dropped, fixture, type Stage } from "../stage.ts";
import { tasksDuring } from "../tasks.ts";
import { type Fixed, fixInPage, fixStage, give, openFixPage } from "./page.ts";

/* fix() in a real browser: WebCodecs, canvases and workers. Its copies are sent to an emulated service. */

/**
 * ffmpeg -f lavfi -i smptehdbars=s=1920x1080:r=30:d=3 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=3
 *   -c:v libx264 -preset veryslow -crf 30 -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709
 *   -vf scale=out_color_matrix=bt709 -c:a aac -b:a 64k -ac 2 -bitexact bars-1080p-3s.mp4
 */
const bars: Dropped = {
  name: "bars.mp4",
  bytes: readFileSync(new URL("bars-1080p-3s.mp4", import.meta.url)),
};

let here: Stage;
beforeAll(async () => {
  here = await fixStage();
}, 60_000);
afterAll(() => here?.close());

describe("video", () => {
  test("a 1080p clip is scaled, keeps its audio and its colours, and becomes an asset", timed, async () => {
    const page = await openFixPage(here);
    await give(page, bars);
    let result: Fixed | undefined;
    const tasks = await tasksDuring(page, async () => {
      result = await fixInPage(page, { type: "video" });
    });
    if (!result) throw new Error("nothing was fixed");
    expect(Math.max(...tasks)).toBeLessThan(50);
    const { outcome, report, plan, output, reason, progress } = result;
    expect([outcome, reason]).toEqual(["fixed", null]);
    expect(output).toMatchObject({ name: "bars.fixed.mp4", type: "video/mp4" });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(["scale"]);
    const { width, height, duration, audioCodec, videoCodec } = report.facts;
    expect({ width, height, audioCodec, videoCodec }).toEqual({
      width: 1280,
      height: 720,
      audioCodec: "aac",
      videoCodec: "h264",
    });
    expect(Math.abs((duration ?? 0) - 3)).toBeLessThan(0.1);
    expect(report.verdict).toBe("pass");
    expect(progress.length).toBeGreaterThan(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));

    // A colour of each part of the bars, as the browser shows it before and after.
    const colours = (await page.evaluate(async () => {
      const { file, copy } = globalThis as unknown as { file: File; copy: File };
      const shown = async (blob: Blob): Promise<number[][]> => {
        const video = document.createElement("video");
        video.muted = true;
        video.src = URL.createObjectURL(blob);
        video.currentTime = 1;
        await new Promise((seeked) => video.addEventListener("seeked", seeked, { once: true }));
        const canvas = new OffscreenCanvas(320, 180);
        const context = canvas.getContext("2d");
        const places = [
          [10, 20],
          [75, 20],
          [110, 20],
          [210, 20],
          [245, 20],
          [310, 20],
        ];
        // A busy machine may say that it has found the frame before it can draw it.
        for (let tries = 0; ; tries++) {
          context?.drawImage(video, 0, 0, 320, 180);
          const colours = places.map(([x = 0, y = 0]) => [...(context?.getImageData(x, y, 1, 1).data ?? [])]);
          if (new Set(colours.flat()).size > 3 || tries === 100) return colours;
          await new Promise((drawn) => setTimeout(drawn, 50));
        }
      };
      return { before: await shown(file), after: await shown(copy) };
    })) as { before: number[][]; after: number[][] };
    const flat = colours.before.flat();
    expect(new Set(flat).size).toBeGreaterThan(3);
    const apart = colours.after.flat().map((value, i) => Math.abs(value - (flat[i] ?? -99)));
    expect(Math.max(...apart)).toBeLessThan(8);

    const uri = await page.evaluate(async () => {
      const { media, copy } = globalThis as unknown as {
        media: typeof import("../../../src/browser.ts");
        copy: File;
      };
      const atlas = media.createServerClient({ endpoint: "/media" });
      return (await media.submit(copy, { atlas, type: "video", crossCheck: "auto" })).uri;
    });
    expect(uri).toMatch(/^asset:\/\//);
    await page.context().close();
  });

  test("a clip that is too long is trimmed by copying, and starts where requested", async () => {
    const page = await openFixPage(here);
    await give(page, fixture("video/duration-15.3s.mp4"));
    const first = await fixInPage(page, { type: "video" });
    expect([first.outcome, first.reason, first.plan.lossless]).toEqual(["fixed", null, true]);
    expect(first.report.facts.duration).toBeLessThanOrEqual(15);
    expect(first.report.facts.duration).toBeGreaterThan(14.7);
    const later = await fixInPage(page, { type: "video", trim: 10 });
    expect([later.outcome, later.reason]).toEqual(["fixed", null]);
    expect(Math.abs((later.report.facts.duration ?? 0) - 5.3)).toBeLessThan(0.1);
    await page.context().close();
  });

  test("what the browser cannot do has a reason and a command", async () => {
    const page = await openFixPage(here);
    await give(page, bars);
    const mute = await fixInPage(page, { type: "video", trim: 0.5, workerUrl: "/without-aac.js" });
    expect(mute).toMatchObject({ outcome: "cannot", output: null, reason: { code: "no-encoder" } });
    expect(mute.reason?.message).toBe("nothing here encodes it: this browser does not encode AAC");
    expect(mute.plan.command).toMatch(/^ffmpeg .* bars\.mp4 .*bars\.fixed\.mp4'?$/);
    await give(page, fixture("video/codec-hevc.mp4"));
    const small = await fixInPage(page, { type: "video", fit: "pad", trim: 0 });
    expect(small.outcome).toBe("fits");
    await page.context().close();
  });

  test("without mediabunny, the error says what to install", async () => {
    const page = await openFixPage(here);
    await give(page, bars);
    const error = await page.evaluate(async () => {
      const { media, file } = globalThis as unknown as {
        media: typeof import("../../../src/browser.ts");
        file: File;
      };
      const failed = (caught: { code: string; hint: string }) => [caught.code, caught.hint];
      return [
        await media.fix(file, { workerUrl: "/without-any.js" }).then(() => null, failed),
        await media.fix(file, { workerUrl: "/no-such-script.js" }).then(() => null, failed),
      ];
    });
    expect(error).toEqual([
      ["no-engine", "npm install mediabunny @mediabunny/aac-encoder @mediabunny/mp3-encoder"],
      ["no-engine", "bundle media-preflight/fix-worker with mediabunny and give its address as workerUrl"],
    ]);
    await page.context().close();
  });

  test("aborting stops at once and ends the worker", async () => {
    const page = await openFixPage(here);
    await give(page, bars);
    const code = await page.evaluate(async () => {
      const { media, file } = globalThis as unknown as {
        media: typeof import("../../../src/browser.ts");
        file: File;
      };
      const abort = new AbortController();
      const fixing = media.fix(file, { signal: abort.signal, onProgress: () => abort.abort() });
      return await fixing.then(
        () => null,
        (error: { code: string }) => error.code,
      );
    });
    expect(code).toBe("aborted");
    await expect.poll(() => page.workers().length).toBe(0);
    await page.context().close();
  });
});

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MediaPreflightElement } from "../../../src/web/element/element.ts";
import { timed } from "../../timing.ts";
import { becomes, type Dropped, drop, fixture, row, type Stage, stage, state } from "../stage.ts";
import { tasksDuring } from "../tasks.ts";

/* "Make it fit" in a real browser: from a file that fails to its copy at an emulated service. */

const bars: Dropped = {
  name: "bars.mp4",
  bytes: readFileSync(new URL("../fix/bars-1080p-3s.mp4", import.meta.url)),
};

let here: Stage;
beforeAll(async () => {
  const withoutWorker = `<!doctype html><html lang=en><title>without a worker</title><media-preflight></media-preflight>
<script type=module src=/element.js></script>`;
  here = await stage({ pages: { "/without-worker.html": { type: "text/html", body: withoutWorker } } });
}, 60_000);
afterAll(() => here?.close());

const button = (page: Page, action: string, name: string) =>
  page.getByRole("button", { name: `${action}: ${name}`, exact: true });
const fitButton = (page: Page, name: string) => button(page, "Make it fit", name);
const announced = (page: Page) => page.getByRole("status").last().textContent();
/** Workers that convert, and those that their encoders start. */
const converting = (page: Page) => page.workers().filter((one) => /fix-worker|^blob:/.test(one.url())).length;
/** The table of what changed, as rows of cells. */
const changes = async (page: Page, name: string): Promise<string[][]> =>
  row(page, name)
    .locator(".fix-changes tbody tr")
    .evaluateAll((rows) => rows.map((tr) => [...tr.children].map((cell) => cell.textContent ?? "")));

/** Drops a JPEG of 45 megapixels, made in the page. */
const dropLargeJpeg = (page: Page) =>
  page.evaluate(async () => {
    const canvas = new OffscreenCanvas(8256, 5504);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    for (const [i, color] of ["#c00", "#0c0", "#00c", "#cc0"].entries()) {
      context.fillStyle = color;
      context.fillRect((i % 2) * 4128, Math.floor(i / 2) * 2752, 4128, 2752);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    document.querySelector("media-preflight")?.add([new File([blob], "large.jpg", { type: "image/jpeg" })]);
  });

describe("a file that fails becomes an asset", () => {
  test("a 1080p clip, with the keyboard alone, and without holding up the page", timed, async () => {
    const { page, errors, addresses } = await here.open();
    await page.evaluate(() => {
      const fixed: string[] = [];
      Object.assign(globalThis, { fixed });
      document
        .querySelector("media-preflight")
        ?.addEventListener("media-preflight-fix", ({ detail }) =>
          fixed.push(detail.original.name, detail.file.name),
        );
    });
    await drop(page, bars);
    await becomes(page, "bars.mp4", "fail");
    await fitButton(page, "bars.mp4").waitFor();
    // Said once, although it is both the hint and the plan.
    expect(await row(page, "bars.mp4").locator(".hint").textContent()).toBe("scale to 1280×720");
    expect(await row(page, "bars.mp4").locator(".fix-summary").count()).toBe(0);
    // Nothing that decodes or encodes is loaded to show the plan.
    expect(addresses.filter((address) => /fix-worker/.test(address))).toEqual([]);
    await fitButton(page, "bars.mp4").focus();
    const tasks = await tasksDuring(page, async () => {
      // There is nothing to choose, and nothing is lost: it starts at once.
      await page.keyboard.press("Enter");
      const progress = page.getByRole("progressbar", { name: "Converting bars.mp4" });
      await expect.poll(() => progress.getAttribute("aria-valuenow")).toMatch(/\d/);
      expect(await announced(page)).toBe("Converting bars.mp4.");
      await becomes(page, "bars.fixed.mp4", "pass");
    });
    expect(Math.max(...tasks)).toBeLessThan(50);
    expect(await page.locator("li.file").count()).toBe(1);
    expect((await changes(page, "bars.fixed.mp4")).slice(0, 2)).toEqual([
      ["Dimensions", "1920×1080", "1280×720"],
      ["Duration", "3 s", "3 s"],
    ]);
    await expect.poll(() => announced(page)).toBe("bars.fixed.mp4: Passes.");
    expect(await page.evaluate("fixed")).toEqual(["bars.mp4", "bars.fixed.mp4"]);
    // The focus went from "Make it fit" to "Cancel", and on to what comes next.
    await page.keyboard.press("Enter");
    await becomes(page, "bars.fixed.mp4", "sent");
    expect(await row(page, "bars.fixed.mp4").locator(".asset code").textContent()).toMatch(/^asset:\/\//);
    await expect.poll(() => converting(page)).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("a JPEG of 45 megapixels, without holding up the page", timed, async () => {
    const { page, errors } = await here.open();
    await dropLargeJpeg(page);
    await becomes(page, "large.jpg", "fail");
    await fitButton(page, "large.jpg").waitFor();
    const tasks = await tasksDuring(page, async () => {
      await fitButton(page, "large.jpg").click();
      await becomes(page, "large.fixed.jpg", "pass");
    });
    expect(Math.max(...tasks)).toBeLessThan(50);
    await button(page, "Send", "large.fixed.jpg").click();
    await becomes(page, "large.fixed.jpg", "sent");
    const { uploads } = here.demo.emulator.snapshot();
    expect(uploads.length).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe("choices", () => {
  test("the part to keep: by slider and number, with a picture of where it starts", async () => {
    const { page } = await here.open();
    await drop(page, "video/duration-15.3s.mp4");
    await fitButton(page, "duration-15.3s.mp4").click();
    const failed = row(page, "duration-15.3s.mp4");
    const slider = failed.getByRole("slider", { name: "Starts at" });
    await slider.waitFor();
    expect(await announced(page)).toBe("Choose how duration-15.3s.mp4 is made to fit.");
    // The focus is on the first choice.
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await slider.getAttribute("aria-valuetext")).toBe("Keeps 0.2 – 15.1 s of 15.3 s");
    expect(await failed.getByLabel("Start in seconds").inputValue()).toBe("0.2");
    await failed.getByLabel("Start in seconds").fill("0.3");
    await failed.getByLabel("Start in seconds").press("Tab");
    expect(await slider.inputValue()).toBe("0.3");
    const shown = () =>
      failed.locator(".fix-player video").evaluate((v) => (v as HTMLVideoElement).currentTime);
    await expect.poll(shown).toBeCloseTo(0.3, 1);
    expect(await failed.locator(".fix-choices .fix-summary").textContent()).toContain(
      "trim to 14.9 s, from 0.3 s on",
    );
    // Beyond what can be kept: the last part.
    await failed.getByLabel("Start in seconds").fill("99");
    await failed.getByLabel("Start in seconds").press("Tab");
    expect(Number(await slider.inputValue())).toBeLessThanOrEqual(0.4);
    await fitButton(page, "duration-15.3s.mp4").click();
    await becomes(page, "duration-15.3s.fixed.mp4", "pass");
    expect((await changes(page, "duration-15.3s.fixed.mp4"))[1]?.slice(0, 2)).toEqual(["Duration", "15.3 s"]);
    await page.context().close();
  });

  test("borders or cut edges, each with its picture; the original can be brought back", async () => {
    const { page } = await here.open();
    await drop(page, "image/webp-1600x600-too-wide.webp");
    await fitButton(page, "webp-1600x600-too-wide.webp").click();
    const failed = row(page, "webp-1600x600-too-wide.webp");
    await failed.getByLabel("Fill it, edges cut off").check();
    await expect.poll(() => failed.locator(".fix-frame canvas").count()).toBe(2);
    expect(await failed.locator(".fix-choices .fix-summary").textContent()).toMatch(/^crop to /);
    await failed.getByLabel("Whole picture, with borders").check();
    await failed.getByLabel("Color of the borders").fill("#ff0000");
    expect(await failed.locator(".fix-choices .fix-summary").textContent()).toContain("#ff0000");
    await fitButton(page, "webp-1600x600-too-wide.webp").click();
    await becomes(page, "webp-1600x600-too-wide.fixed.webp", "pass");
    const color = await page.evaluate(async () => {
      const [file] = (document.querySelector("media-preflight") as MediaPreflightElement).files;
      if (!file) throw new Error("no file");
      const bitmap = await createImageBitmap(file);
      const context = new OffscreenCanvas(8, 8).getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      return [...(context?.getImageData(4, 4, 1, 1).data ?? [])];
    });
    expect(color[0]).toBeGreaterThan(200);
    expect(color[1]).toBeLessThan(90);
    await button(page, "Back to the original", "webp-1600x600-too-wide.fixed.webp").click();
    await becomes(page, "webp-1600x600-too-wide.webp", "fail");
    await expect.poll(() => announced(page)).toBe("webp-1600x600-too-wide.webp: Fails.");
    await fitButton(page, "webp-1600x600-too-wide.webp").waitFor();
    await page.context().close();
  });

  test("an animation loses its other pictures only when asked", async () => {
    const { page } = await here.open();
    await page.locator("media-preflight").evaluate((element) => {
      (element as MediaPreflightElement).rules = {
        ...{ id: "narrow", title: "Narrow", source: "https://example.com/", checked: "2026-11-29" },
        types: { image: { width: { max: 100, unit: "px" } } },
      };
    });
    await drop(page, "image/gif-animated-3-frames.gif");
    const failed = row(page, "gif-animated-3-frames.gif");
    await fitButton(page, "gif-animated-3-frames.gif").click();
    await expect
      .poll(() => failed.locator(".fix-choices .fix-summary").textContent())
      .toContain("Lost: animation (3 → 1 frames)");
    await fitButton(page, "gif-animated-3-frames.gif").click();
    await becomes(page, "gif-animated-3-frames.fixed.png", "pass");
    await page.context().close();
  });
});

test("cancel leaves nothing behind, and the focus where it was", async () => {
  const { page, errors } = await here.open();
  const uploads = here.demo.emulator.snapshot().uploads.length;
  await drop(page, bars);
  await fitButton(page, "bars.mp4").click();
  const progress = page.getByRole("progressbar", { name: "Converting bars.mp4" });
  await expect.poll(() => progress.getAttribute("aria-valuenow")).toMatch(/\d/);
  await page.keyboard.press("Enter");
  await fitButton(page, "bars.mp4").waitFor();
  expect(await announced(page)).toBe("bars.mp4 is as it was.");
  await expect.poll(() => converting(page)).toBe(0);
  expect(await state(page, "bars.mp4")).toBe("fail");
  expect(await page.locator("li.file").count()).toBe(1);
  expect(await page.locator(".progress:visible").count()).toBe(0);
  const focused = await page.evaluate(() =>
    document.querySelector("media-preflight")?.shadowRoot?.activeElement?.getAttribute("aria-label"),
  );
  expect(focused).toBe("Make it fit: bars.mp4");
  // Removed while it is converted.
  await fitButton(page, "bars.mp4").click();
  await expect.poll(() => converting(page)).toBeGreaterThan(0);
  await button(page, "Remove", "bars.mp4").click();
  await expect.poll(() => converting(page)).toBe(0);
  expect(await page.locator("li.file").count()).toBe(0);
  expect(here.demo.emulator.snapshot().uploads.length).toBe(uploads);
  expect(errors).toEqual([]);
  await page.context().close();
});

describe("what the browser cannot do", () => {
  const narrow = {
    ...{ id: "narrow", title: "Narrow", source: "https://example.com/", checked: "2026-11-29" },
    types: { video: { width: { max: 320, unit: "px" } } },
  };

  test("is said in plain words, with the command that can", async () => {
    const { page } = await here.open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("media-preflight").evaluate((element, rules) => {
      (element as MediaPreflightElement).rules = rules;
    }, narrow);
    await drop(page, "video/codec-hevc.mp4");
    await fitButton(page, "codec-hevc.mp4").click();
    const failed = row(page, "codec-hevc.mp4");
    await expect
      .poll(() => failed.locator(".fix-failure").textContent())
      .toBe("This browser cannot read HEVC. Another browser or program may.");
    const command = await failed.locator(".fix-command code").textContent();
    expect(command).toMatch(/^ffmpeg .*codec-hevc\.mp4.*codec-hevc\.fixed\.mp4/);
    await button(page, "Copy command", "codec-hevc.mp4").click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(command);
    await button(page, "Copied", "codec-hevc.mp4").waitFor();
    await page.context().close();
  });

  test("a file that no browser opens gets a command that converts it, to be checked again", async () => {
    const { page } = await here.open();
    await drop(page, "refused/avi.avi");
    const failed = row(page, "avi.avi");
    await button(page, "Copy command", "avi.avi").waitFor();
    expect(await fitButton(page, "avi.avi").count()).toBe(0);
    expect(await failed.locator(".fix-summary").textContent()).toBe(
      "This page cannot convert files of this kind.",
    );
    expect(await failed.locator(".fix-command").textContent()).toMatch(
      /^This ffmpeg command converts it on your computer\. Then add the copy, and it is checked:ffmpeg -i avi\.avi /,
    );
    await page.context().close();
  });

  test("a page without the worker says so, tells its developer why, and still gives the command", async () => {
    const { page } = await here.open();
    await page.evaluate(() => {
      document.querySelector("media-preflight")?.setAttribute("fix-worker-url", "/no-such-script.js");
      document
        .querySelector("media-preflight")
        ?.addEventListener("media-preflight-problem", ({ detail }) =>
          Object.assign(globalThis, { problem: detail.code }),
        );
    });
    await drop(page, bars);
    await fitButton(page, "bars.mp4").click();
    const failed = row(page, "bars.mp4");
    await expect
      .poll(() => failed.locator(".fix-failure").textContent())
      .toBe("This page cannot convert files of this kind.");
    expect(await failed.locator(".fix-command code").textContent()).toMatch(/^ffmpeg /);
    expect(await page.evaluate("problem")).toBe("no-engine");
    await page.context().close();
  });

  test("a page that names no worker offers to convert what the one beside the script can", async () => {
    const { page, errors } = await here.open({ path: "without-worker.html" });
    await drop(page, "image/jpeg-299x300.jpg", bars);
    await fitButton(page, "bars.mp4").waitFor();
    await fitButton(page, "jpeg-299x300.jpg").click();
    await becomes(page, "jpeg-299x300.fixed.jpg", "pass");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("without mediabunny, the worker beside the script converts images, and videos get the command", async () => {
    const { page } = await here.open({ path: "without-worker.html" });
    await page.route(/\/src-[^/]*\.js$/, (route) => route.abort());
    await drop(page, bars, "image/jpeg-299x300.jpg");
    await fitButton(page, "jpeg-299x300.jpg").waitFor();
    await button(page, "Copy command", "bars.mp4").waitFor();
    expect(await fitButton(page, "bars.mp4").count()).toBe(0);
    await page.context().close();
  });

  test("a page that names no worker and has none offers the command alone", async () => {
    const { page } = await here.open({ path: "without-worker.html" });
    await page.route("**/fix-worker.js", (route) => route.fulfill({ status: 404 }));
    await drop(page, bars, "image/jpeg-299x300.jpg");
    await button(page, "Copy command", "bars.mp4").waitFor();
    await button(page, "Copy command", "jpeg-299x300.jpg").waitFor();
    expect(await page.getByRole("button", { name: /^Make / }).count()).toBe(0);
    expect(await row(page, "bars.mp4").locator(".fix-command").textContent()).toMatch(
      /^On your computer, this ffmpeg command makes a copy that fits:ffmpeg -i bars\.mp4 /,
    );
    await page.context().close();
  });

  test("the command of a plan is copied without running it, and shown where copying is not allowed", async () => {
    const { page } = await here.open();
    await drop(page, bars);
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new Error("not allowed")) },
      });
    });
    await button(page, "Copy command", "bars.mp4").click();
    const code = row(page, "bars.mp4").locator(".fix-command code");
    await code.waitFor();
    expect(await code.textContent()).toMatch(/^ffmpeg .*scale=.*bars\.fixed\.mp4/);
    await page.context().close();
  });

  test("the steps are named only where the reasons above do not say them already", async () => {
    const { page } = await here.open();
    await drop(page, "video/duration-15.3s.mp4", "video/rate-61.mp4", "video/aspect-above-2.5.mp4");
    await expect.poll(() => page.getByRole("button", { name: /^Make it fit/ }).count()).toBe(3);
    expect(await page.locator(".fix-summary").allTextContents()).toEqual(["pad to 1512×606 with black"]);
    await page.context().close();
  });

  test("a file without a plan is offered none", async () => {
    const { page } = await here.open();
    await drop(
      page,
      "video/duration-1.9s.mp4",
      "refused/page-named.mp4",
      "damaged/mp4-cut-in-mdat.mp4",
      bars,
    );
    await fitButton(page, "bars.mp4").waitFor();
    expect(await page.getByRole("button", { name: /^Make it fit/ }).count()).toBe(1);
    await page.context().close();
  });
});

describe("a batch", () => {
  const small = ["image/jpeg-299x300.jpg", "image/jpeg-6001x2500.jpg", "image/webp-1600x600-too-wide.webp"];

  test("is made to fit together, with the progress of all", async () => {
    const { page, errors } = await here.open();
    await drop(page, ...small, "video/mp4-h264-aac.mp4", "video/duration-15.3s.mp4");
    const all = page.getByRole("button", { name: "Make 4 fit" });
    await all.focus();
    await page.keyboard.press("Enter");
    const progress = page.getByRole("progressbar", { name: "Converting all files" });
    await expect.poll(() => progress.getAttribute("aria-valuetext")).toMatch(/of 4 files/);
    await expect.poll(() => page.locator(".counts").textContent()).toBe("5 pass");
    await expect.poll(() => page.locator(".fix-changes").count()).toBe(4);
    expect(await progress.isVisible()).toBe(false);
    const saved: string[] = [];
    page.on("download", (download) => saved.push(download.suggestedFilename()));
    await page.getByRole("button", { name: "Download 4", exact: true }).click();
    await expect
      .poll(() => saved)
      .toEqual([
        "jpeg-299x300.fixed.jpg",
        "jpeg-6001x2500.fixed.jpg",
        "webp-1600x600-too-wide.fixed.webp",
        "duration-15.3s.fixed.mp4",
      ]);
    await page.getByRole("button", { name: "Send 5" }).click();
    await expect.poll(() => page.locator(".counts").textContent()).toBe("5 sent");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("can be stopped", async () => {
    const { page } = await here.open();
    await drop(page, bars, { ...bars, name: "more.mp4" }, "image/jpeg-299x300.jpg");
    await page.getByRole("button", { name: "Make 3 fit" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Make 3 fit" }).waitFor();
    await expect.poll(() => converting(page)).toBe(0);
    expect(await page.locator("li.file[data-state=fail]").count()).toBe(3);
    await page.context().close();
  });
});

test("a copy can be saved", async () => {
  const { page } = await here.open();
  await drop(page, "image/jpeg-299x300.jpg");
  await fitButton(page, "jpeg-299x300.jpg").click();
  await becomes(page, "jpeg-299x300.fixed.jpg", "pass");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    button(page, "Download", "jpeg-299x300.fixed.jpg").click(),
  ]);
  expect(download.suggestedFilename()).toBe("jpeg-299x300.fixed.jpg");
  const saved = readFileSync(await download.path());
  expect(saved.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  await page.context().close();
});

test("the focus is on Send also when the copy was checked before it was drawn", async () => {
  const { page } = await here.open();
  await drop(page, "image/jpeg-299x300.jpg");
  await fitButton(page, "jpeg-299x300.jpg").focus();
  await page.evaluate(() => {
    globalThis.requestAnimationFrame = (draw) => Number(setTimeout(draw, 1000, performance.now()));
  });
  await page.keyboard.press("Enter");
  await becomes(page, "jpeg-299x300.fixed.jpg", "pass");
  const focused = () =>
    page.evaluate(() =>
      document.querySelector("media-preflight")?.shadowRoot?.activeElement?.getAttribute("aria-label"),
    );
  await expect.poll(focused).toBe("Send: jpeg-299x300.fixed.jpg");
  await page.context().close();
});

test("nothing of it is loaded before a file fails", async () => {
  const { page, addresses } = await here.open();
  const loaded = () => addresses.filter((address) => /\/load-\w+\.js/.test(address)).length;
  await drop(page, fixture("video/mp4-h264-aac.mp4"));
  await becomes(page, "mp4-h264-aac.mp4", "pass");
  await page.waitForLoadState("networkidle");
  const before = loaded();
  await drop(page, bars);
  await fitButton(page, "bars.mp4").waitFor();
  expect(loaded()).toBe(before + 1);
  await page.context().close();
});

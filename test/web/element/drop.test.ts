import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MediaPreflightElement } from "../../../src/web/element/element.ts";
import { becomes, drop, failing, fixture, passing, row, type Stage, stage } from "../stage.ts";

/* Adding files, in a real browser: real files, the real server handler, an emulated service. */

let here: Stage;
beforeAll(async () => {
  here = await stage();
}, 60_000);
afterAll(() => here?.close());

describe("files that are dropped", () => {
  test("are checked in the page and nothing is sent; failures lead with the remedy, limits that are met are collapsed", async () => {
    const { page, errors, addresses } = await here.open();
    const before = addresses.length;
    await drop(page, passing, failing, "video/mvhd-claims-20s.mp4");
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await becomes(page, "pixels-1920x1080.mp4", "fail");
    await becomes(page, "mvhd-claims-20s.mp4", "unsure");
    const failed = row(page, "pixels-1920x1080.mp4");
    expect(await failed.locator(".verdict").textContent()).toBe("Fails");
    expect(await failed.locator(".hint").textContent()).toBe("scale to 1280×720");
    expect(await failed.locator(".evidence").textContent()).toBe(
      "1920×1080 = 2,073,600 total pixels, over 927,408 (limit 409,600 – 927,408)",
    );
    const remarks = failed.locator(".remarks p");
    expect(await remarks.first().isVisible()).toBe(false);
    await failed.getByText("Other sources differ").click();
    expect(await remarks.allInnerTexts()).toEqual([
      "The documentation of the generation API would accept it (409,600 – 2,086,876)",
      expect.stringMatching(/^The service has accepted .* \(seen .* confidence\)$/),
    ]);
    expect(
      await failed.getByRole("meter", { name: "number of pixels" }).getAttribute("aria-valuetext"),
    ).toMatch(/^Fails: 1920×1080 = 2,073,600 total pixels/);
    expect(await failed.getByRole("meter").count()).toBe(1);
    await failed.locator(".limits summary").click();
    expect(await failed.locator(".limits summary").textContent()).toMatch(/^\d+ limits met$/);
    await expect.poll(() => failed.getByRole("meter").count()).toBe(7);
    // All readings of a value are on its bar.
    const readings = row(page, "mvhd-claims-20s.mp4")
      .getByRole("meter", { name: "duration" })
      .locator(".dot");
    expect(await readings.count()).toBe(2);
    expect(await failed.getByRole("button", { name: "Send" }).count()).toBe(0);
    expect(await row(page, "mvhd-claims-20s.mp4").getByRole("button", { name: "Send" }).count()).toBe(0);
    expect(await row(page, "mp4-h264-aac.mp4").getByRole("button", { name: "Send" }).count()).toBe(1);
    await expect
      .poll(() => page.getByRole("status").textContent())
      .toMatch(/^1 pass, 1 unsure, 1 fail\.$|: (Passes|Fails|Unsure)\.$/);
    expect(addresses.slice(before).filter((address) => /\/media\//.test(address))).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("get a picture where the browser can make one, and leave no blob: URL behind", async () => {
    const { page } = await here.open();
    await page.evaluate(() => {
      const open = new Set<string>();
      const [create, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
      URL.createObjectURL = (of) => {
        const url = create.call(URL, of);
        open.add(url);
        return url;
      };
      URL.revokeObjectURL = (url) => {
        open.delete(url);
        revoke.call(URL, url);
      };
      Object.assign(globalThis, { openAddresses: open });
    });
    await drop(page, "image/jpeg-640x480.jpg", passing);
    for (const name of ["jpeg-640x480.jpg", "mp4-h264-aac.mp4"])
      await row(page, name).locator(".thumb canvas").waitFor();
    expect(await page.evaluate("openAddresses.size")).toBe(0);
    await page.context().close();
  });

  test("show a name that is markup as text", async () => {
    const { page, errors } = await here.open();
    const name = '<img src=x onerror="globalThis.hit=1">.mp4';
    await drop(page, fixture("refused/page-named.mp4", name));
    await becomes(page, name, "fail");
    expect(await row(page, name).locator(".name").textContent()).toBe(name);
    expect(await page.locator("media-preflight img").count()).toBe(0);
    expect(await page.evaluate("globalThis.hit")).toBeUndefined();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("are listed once when dropped twice, and a fixed version replaces the one that failed", async () => {
    const { page } = await here.open();
    await drop(page, fixture(failing, "clip.mp4"), passing);
    await becomes(page, "clip.mp4", "fail");
    await drop(page, passing);
    expect(await page.locator("li.file").count()).toBe(2);
    await drop(page, fixture(passing, "clip.mp4"));
    await becomes(page, "clip.mp4", "pass");
    expect(await page.locator("li.file .name").allTextContents()).toEqual(["clip.mp4", "mp4-h264-aac.mp4"]);
    await page.context().close();
  });

  test("can also be pasted, or chosen in the dialog", async () => {
    const { page } = await here.open();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(["<html>"], "pasted.png", { type: "image/png" }));
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    });
    await becomes(page, "pasted.png", "fail");
    const dialog = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose files" }).click();
    await (await dialog).setFiles(new URL(`../../../fixtures/${passing}`, import.meta.url).pathname);
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await page.context().close();
  });

  test("can be files and folders of the operating system", async () => {
    const { page, errors } = await here.open();
    const folder = mkdtempSync(join(tmpdir(), "media-preflight-drop-"));
    const take = (from: string, to: string) =>
      copyFileSync(new URL(`../../../fixtures/${from}`, import.meta.url), join(folder, to));
    mkdirSync(join(folder, "clips/inner"), { recursive: true });
    take(failing, "wide.mp4");
    take(passing, "clips/clip.mp4");
    take("image/jpeg-640x480.jpg", "clips/inner/picture.jpg");
    writeFileSync(join(folder, "clips/.DS_Store"), "settings of a file manager");
    const client = await page.context().newCDPSession(page);
    const { x = 0, y = 0 } = (await page.locator("media-preflight").boundingBox()) ?? {};
    const files = [join(folder, "wide.mp4"), join(folder, "clips")];
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await client.send("Input.dispatchDragEvent", {
        type,
        x: x + 60,
        y: y + 30,
        data: { items: [], files, dragOperationsMask: 1 },
      });
    await becomes(page, "wide.mp4", "fail");
    await becomes(page, "clip.mp4", "pass");
    await becomes(page, "picture.jpg", "pass");
    expect(await page.locator("li.file").count()).toBe(3);
    expect(errors).toEqual([]);
    rmSync(folder, { recursive: true });
    await page.context().close();
  });

  test("can be a folder, whose hidden files are left out", async () => {
    const { page } = await here.open();
    const names = await page.evaluate(async () => {
      const file = (name: string) => ({
        isFile: true,
        file: (give: (file: File) => void) => give(new File(["x"], name)),
      });
      const folder = (entries: object[]) => ({
        isFile: false,
        createReader() {
          const batches = [entries, []];
          return { readEntries: (give: (some: object[]) => void) => give(batches.shift() ?? []) };
        },
      });
      const entry = folder([file("a.mp4"), folder([file("b.mp4"), file(".DS_Store")])]);
      const element = document.querySelector("media-preflight") as MediaPreflightElement;
      // Browsers make entries only for a real drop; this has the same shape.
      const dataTransfer = { types: ["Files"], items: [{ kind: "file", webkitGetAsEntry: () => entry }] };
      const event = new DragEvent("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: dataTransfer });
      element.dispatchEvent(event);
      await new Promise<void>((done) => {
        const look = (): unknown => (element.files.length < 2 ? setTimeout(look, 20) : done());
        look();
      });
      // More files than these must not follow.
      await new Promise((done) => setTimeout(done, 100));
      return element.files.map(({ name }) => name);
    });
    expect(names).toEqual(["a.mp4", "b.mp4"]);
    await page.context().close();
  });

  test("of the wrong kind get one message: what it is, and what is wanted", async () => {
    const { page } = await here.open();
    await page.evaluate(() => document.querySelector("media-preflight")?.setAttribute("type", "video"));
    await drop(page, "image/png-640x480.png");
    await becomes(page, "png-640x480.png", "fail");
    const reasons = row(page, "png-640x480.png").locator(".findings li");
    expect(await reasons.count()).toBe(1);
    expect(await reasons.locator(".reason").textContent()).toBe("This is an image; a video is wanted here.");
    await page.context().close();
  });

  test("can be enlarged or played, and closing leaves no blob: URL behind", async () => {
    const { page, errors } = await here.open();
    await page.evaluate(() => {
      const open = new Set<string>();
      const [create, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
      URL.createObjectURL = (of) => {
        const url = create.call(URL, of);
        open.add(url);
        return url;
      };
      URL.revokeObjectURL = (url) => {
        open.delete(url);
        revoke.call(URL, url);
      };
      Object.assign(globalThis, { openUrls: open });
    });
    await drop(page, "image/jpeg-640x480.jpg", passing);
    await page.getByRole("button", { name: "Enlarge: jpeg-640x480.jpg" }).click();
    await row(page, "jpeg-640x480.jpg").getByRole("img", { name: "Preview of jpeg-640x480.jpg" }).waitFor();
    const play = page.getByRole("button", { name: "Play: mp4-h264-aac.mp4" });
    await play.click();
    const video = row(page, "mp4-h264-aac.mp4").locator("video");
    await expect
      .poll(() => video.evaluate((element) => (element as HTMLVideoElement).currentTime))
      .toBeGreaterThan(0);
    await play.click();
    expect(await video.count()).toBe(0);
    expect(await page.evaluate("openUrls.size")).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("can be left out by a listener, and a listener that throws breaks nothing", async () => {
    const { page } = await here.open();
    await page.evaluate(() => {
      const element = document.querySelector("media-preflight") as MediaPreflightElement;
      for (const name of ["add", "report", "change"] as const)
        element.addEventListener(`media-preflight-${name}`, () => {
          throw new Error("a listener of the page");
        });
      element.addEventListener("media-preflight-add", (event) => {
        if (event.detail.files.some(({ name }) => name === "private.mp4")) event.preventDefault();
      });
    });
    await drop(page, fixture(passing, "private.mp4"));
    await drop(page, passing);
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    expect(await page.locator("li.file").count()).toBe(1);
    await page.context().close();
  });
});

test("the empty zone says what the rule table accepts", async () => {
  const { page } = await here.open();
  const accepted = page.locator(".accepted li");
  await expect
    .poll(() => accepted.allTextContents())
    .toEqual([
      "Images JPEG, PNG, WEBP, BMP, TIFF, GIF, HEIC, HEIF · below 30 MB · sides 300 – 6,000 px",
      "Videos MP4, MOV · up to 50 MB · 2 – 15 s · sides 300 – 6,000 px · 409,600 – 927,408 pixels · 24 – 60 fps",
      "Audio WAV, MP3 · up to 15 MB · 2 – 15 s",
    ]);
  await page.evaluate(() => {
    const element = document.querySelector("media-preflight") as MediaPreflightElement;
    element.setAttribute("type", "audio");
    element.rules = {
      id: "own",
      title: "own",
      source: "https://own.example",
      checked: "2026-11-29",
      types: { audio: { duration: { max: 7, unit: "s" } } },
    };
  });
  await expect.poll(() => accepted.allTextContents()).toEqual([" up to 7 s"]);
  await page.context().close();
});

test("no line of what is accepted begins with a bullet", async () => {
  const { page } = await here.open({ viewport: { width: 320, height: 800 } });
  const limits = page.locator(".accepted li").nth(1);
  expect(await limits.innerText()).toBe(
    ["Videos", "MP4, MOV", "up to 50 MB", "2 – 15 s", "sides 300 – 6,000 px"].join("\n") +
      "\n409,600 – 927,408 pixels\n24 – 60 fps",
  );
  await page.setViewportSize({ width: 1180, height: 800 });
  expect(await limits.innerText()).toMatch(/^Videos *MP4, MOV · up to 50 MB · 2 – 15 s · /);
  // In two lines, each bullet stands in the line of the limit before it.
  await page.setViewportSize({ width: 900, height: 800 });
  const lines = await limits.locator("span:not(.kind)").evaluateAll((spans) =>
    spans.map((span) => ({
      top: span.getBoundingClientRect().top,
      text: span.textContent,
    })),
  );
  const first = lines.filter(({ top }) => top === lines[0]?.top);
  expect(first.length).toBeLessThan(lines.length);
  expect(first.at(-1)?.text).toMatch(/·$/);
  expect(lines.map(({ text }) => text).filter((text) => /^·/.test(text ?? ""))).toEqual([]);
  await page.context().close();
});

test("a sample of the demo can be dragged over with the mouse", async () => {
  const { page } = await here.open();
  await page
    .locator("aside button", { hasText: "pixels-1920x1080.mp4" })
    .dragTo(page.locator("media-preflight"));
  await becomes(page, "pixels-1920x1080.mp4", "fail");
  await page.context().close();
});

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkHundred } from "../hundred.ts";
import {
  becomes,
  type Dropped,
  drop,
  failing,
  fixture,
  passing,
  row,
  type Stage,
  setMood,
  stage,
} from "../stage.ts";

/* Many files. */

let here: Stage;
beforeAll(async () => {
  here = await stage();
}, 60_000);
afterAll(() => here?.close());

const clips = (n: number) => Array.from({ length: n }, (_, i) => fixture(passing, `clip-${i}.mp4`));

// How long a task may hold the page's thread is measured: npm run bench:browser.
test("a hundred files are checked at most three at once", async () => {
  const { page } = await here.open({ viewport: { width: 900, height: 900 } });
  const most = await checkHundred(page);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(3);
  await page.context().close();
}, 90_000);

test("sending tells queued, sending and processed files apart, and can be cancelled and continued", async () => {
  const { page } = await here.open();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await setMood(page, "slow");
  await drop(page, ...clips(4));
  await page.getByRole("button", { name: "Send 4" }).click();
  await becomes(page, "clip-1.mp4", "sending");
  await becomes(page, "clip-3.mp4", "queued");
  const counts = page.locator(".counts");
  expect(await counts.textContent()).toMatch(/2 queued/);
  const progress = page.getByRole("progressbar", { name: "Sending all files" });
  await expect.poll(() => progress.getAttribute("aria-valuetext")).toMatch(/^0 of 4 files · .*kB of 30.6 kB/);
  await expect.poll(() => page.getByRole("status").textContent()).toMatch(/sending/);
  await page.getByRole("button", { name: "Cancel all" }).click();
  await becomes(page, "clip-3.mp4", "pass");
  await setMood(page, "processing");
  here.demo.emulator.set({ stuckProcessing: true });
  await page.getByRole("button", { name: "Send 4" }).click();
  // More than two at once: a file that the service processes does not hold up the next one.
  await expect.poll(() => counts.textContent()).toMatch(/4 processing/);
  here.demo.emulator.set({ stuckProcessing: false });
  await expect.poll(() => counts.textContent()).toMatch(/4 sent/);
  await page.getByRole("button", { name: "Copy 4 addresses" }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(
    /^(asset:\/\/\S+\n){3}asset:\/\/\S+$/,
  );
  await page.context().close();
});

test("a batch that loses its network waits for it and continues, in every stage", async () => {
  const { page } = await here.open();
  await setMood(page, "processing");
  here.demo.emulator.set({ stuckProcessing: true });
  await drop(page, ...clips(6));
  await expect.poll(() => page.locator(".counts").textContent()).toBe("6 pass");
  const { assets } = here.demo.emulator.snapshot();
  // Two are with the service, two on their way, and two queued.
  await page.route("**/media/uploads", async (route) => {
    if (/clip-[23]/.test(route.request().headers()["x-file-name"] ?? "")) return;
    await route.fallback();
  });
  await page.getByRole("button", { name: "Send 6" }).click();
  const counts = page.locator(".counts");
  await expect.poll(() => counts.textContent()).toBe("2 queued2 sending2 processing");
  await page.context().setOffline(true);
  const progress = page.locator(".bar .progress-text");
  await expect.poll(() => progress.textContent()).toMatch(/^No network: sending continues/);
  await page.unroute("**/media/uploads");
  await page.waitForTimeout(3000);
  expect(await counts.textContent()).toBe("2 queued2 sending2 processing");
  await page.context().setOffline(false);
  here.demo.emulator.set({ stuckProcessing: false });
  await expect.poll(() => counts.textContent(), { timeout: 30_000 }).toBe("6 sent");
  expect(here.demo.emulator.snapshot().assets).toHaveLength(assets.length + 6);
  await setMood(page, "fine");
  await page.context().close();
}, 60_000);

test("what was not sent can be tried again together", async () => {
  const { page } = await here.open();
  await setMood(page, "broken");
  await drop(page, ...clips(3));
  await page.getByRole("button", { name: "Send 3" }).click();
  const retry = page.getByRole("button", { name: "Try 3 again" });
  await retry.waitFor();
  await setMood(page, "fine");
  await retry.click();
  await expect.poll(() => page.locator(".counts").textContent()).toMatch(/3 sent/);
  await page.context().close();
});

test("files that do not pass can be removed together, and removing can be undone", async () => {
  const { page } = await here.open();
  await drop(page, passing, failing, "refused/webm.webm");
  await page.getByRole("button", { name: "Remove 2 not passing" }).click();
  await expect.poll(() => page.locator("li.file").count()).toBe(1);
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.click();
  await expect.poll(() => page.locator("li.file").count()).toBe(3);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect.poll(() => page.locator("li.file").count()).toBe(0);
  expect(await page.getByRole("status").textContent()).toBe("Files removed: 3.");
  await undo.click();
  await becomes(page, "pixels-1920x1080.mp4", "fail");
  expect(await undo.count()).toBe(0);
  await page.context().close();
});

test("above twelve files, those that need attention can be shown alone", async () => {
  const { page } = await here.open();
  await drop(page, failing, ...clips(11));
  const filter = page.getByRole("group", { name: "Show" });
  await expect.poll(() => page.locator(".counts").textContent()).toBe("11 pass1 fail");
  expect(await filter.isVisible()).toBe(false);
  const heightOf = (name: string) => row(page, name).evaluate((element) => element.clientHeight);
  const high = await heightOf("clip-1.mp4");
  await drop(page, fixture(passing, "another.mp4"));
  // A long list shows more files at once: of those that fail the reason, and the bar with the other limits.
  await expect.poll(() => heightOf("clip-1.mp4")).toBeLessThan(high * 0.7);
  const failed = row(page, "pixels-1920x1080.mp4");
  const meter = failed.locator(".reason").getByRole("meter", { includeHidden: true });
  expect(await failed.locator(".reason").textContent()).toMatch(/^scale to 1280×720.*over 927,408/);
  expect(await failed.getByRole("button", { name: /^Make it fit/ }).isVisible()).toBe(true);
  expect(await meter.isVisible()).toBe(false);
  const collapsed = await heightOf("pixels-1920x1080.mp4");
  expect(collapsed).toBeLessThan(140);
  await failed.getByText("9 limits met").click();
  await expect.poll(() => meter.isVisible()).toBe(true);
  await failed.getByText("9 limits met").click();
  await filter.getByRole("button", { name: "Needs attention: 1" }).click();
  await expect.poll(() => page.locator("li.file:visible").count()).toBe(1);
  await filter.getByRole("button", { name: "All 13" }).click();
  await expect.poll(() => page.locator("li.file:visible").count()).toBe(13);
  await page.context().close();
});

test("the counts and what can be done with all files stay in view above a long list, and cover nothing focused", async () => {
  const { page } = await here.open({ viewport: { width: 1100, height: 700 } });
  await drop(page, ...clips(20));
  await expect.poll(() => page.locator(".counts").textContent()).toBe("20 pass");
  await row(page, "clip-19.mp4").scrollIntoViewIfNeeded();
  const bar = page.locator(".bar");
  await expect.poll(async () => (await bar.boundingBox())?.y).toBe(0);
  const remove = page.getByRole("button", { name: "Remove: clip-3.mp4" });
  await remove.focus();
  const [covered, focused] = [await bar.boundingBox(), await remove.boundingBox()];
  expect(focused?.y).toBeGreaterThanOrEqual((covered?.y ?? 0) + (covered?.height ?? 0));
  await page.context().close();
});

test("a page that went offline before the first file says so, and shows the files when it is back", async () => {
  const { page } = await here.open();
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  await page.evaluate(() => {
    const element = document.querySelector("media-preflight");
    element?.add([new File(["<html>"], "page.mp4")]);
  });
  await expect.poll(() => page.locator(".notice").textContent()).toMatch(/^The connection was lost/);
  await page.context().setOffline(false);
  await row(page, "page.mp4").waitFor();
  expect(await page.locator(".notice").isVisible()).toBe(false);
  await page.context().close();
});

test("a file dropped without a network before its parser was loaded is checked when the network is back", async () => {
  const { page } = await here.open();
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  const lost = page.evaluate(
    () =>
      new Promise((hear) =>
        document.addEventListener(
          "media-preflight-problem",
          (event) => hear((event as CustomEvent).detail.code),
          { once: true },
        ),
      ),
  );
  await drop(page, passing);
  expect(await lost).toBe("network");
  await page.context().setOffline(false);
  await becomes(page, "mp4-h264-aac.mp4", "pass");
  await page.context().close();
});

test("a file whose parser could not be loaded can be tried again, alone, with others or by adding it again", async () => {
  const { page } = await here.open();
  const name = "mp4-h264-aac.mp4";
  // Without a drag, which would load the parsers ahead.
  await add(page, fixture("image/jpeg-640x480.jpg"));
  const status = page.getByRole("status");
  await expect.poll(() => status.textContent()).toBe("jpeg-640x480.jpg: Passes.");
  await page.route("**/*.js*", (route) => route.abort());
  await add(page, fixture(passing));
  await becomes(page, name, "unchecked");
  expect(await row(page, name).textContent()).toMatch(/Not checked.*The connection was lost/);
  expect(await page.locator(".counts").textContent()).toBe("1 pass1 not checked");
  await expect.poll(() => status.textContent()).toBe(`${name}: Not checked.`);

  const problems = await page.evaluateHandle(() => {
    const seen: string[] = [];
    document.addEventListener("media-preflight-problem", (event) =>
      seen.push((event as CustomEvent).detail.code),
    );
    return seen;
  });
  const tried = (times: number) =>
    expect.poll(() => problems.jsonValue()).toEqual(new Array(times).fill("network"));
  await page.getByRole("button", { name: `Try again: ${name}` }).click();
  await tried(1);
  await page.getByRole("button", { name: "Try 1 again" }).click();
  await tried(2);
  await add(page, fixture(passing));
  await tried(3);
  await becomes(page, name, "unchecked");

  await page.unroute("**/*.js*");
  await page.getByRole("button", { name: `Try again: ${name}` }).click();
  await becomes(page, name, "pass");
  expect(await row(page, name).locator(".problem").count()).toBe(0);
  expect(await page.locator("li.file").count()).toBe(2);
  await page.context().close();
});

/** Adds a file by the element's method. */
const add = (page: Page, { name, bytes }: Dropped) =>
  page.evaluate(
    ([given, base64]) => {
      const file = new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], given, {
        lastModified: 1,
      });
      document.querySelector("media-preflight")?.add([file]);
    },
    [name, Buffer.from(bytes).toString("base64")] as const,
  );

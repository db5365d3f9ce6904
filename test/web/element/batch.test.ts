import { afterAll, beforeAll, expect, test } from "vitest";
import { checkHundred } from "../hundred.ts";
import { becomes, drop, failing, fixture, passing, row, type Stage, setMood, stage } from "../stage.ts";

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
  await expect.poll(() => progress.getAttribute("aria-valuetext")).toMatch(/kB of 30.6 kB/);
  await expect.poll(() => page.getByRole("status").textContent()).toMatch(/sending/);
  await page.getByRole("button", { name: "Cancel all" }).click();
  await becomes(page, "clip-3.mp4", "pass");
  await setMood(page, "processing");
  await page.getByRole("button", { name: "Send 4" }).click();
  // More than two at once: a file that the service processes does not hold up the next one.
  await expect.poll(() => counts.textContent()).toMatch(/4 processing/);
  await expect.poll(() => counts.textContent()).toMatch(/4 sent/);
  await page.getByRole("button", { name: "Copy 4 addresses" }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(
    /^(asset:\/\/\S+\n){3}asset:\/\/\S+$/,
  );
  await page.context().close();
});

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

test("above twenty files, those that need attention can be shown alone", async () => {
  const { page } = await here.open();
  await drop(page, failing, ...clips(19));
  const filter = page.getByRole("group", { name: "Show" });
  await expect.poll(() => page.locator(".counts").textContent()).toBe("19 pass1 fail");
  expect(await filter.isVisible()).toBe(false);
  await drop(page, fixture(passing, "another.mp4"));
  await filter.getByRole("button", { name: "Needs attention: 1" }).click();
  await expect.poll(() => page.locator("li.file:visible").count()).toBe(1);
  await filter.getByRole("button", { name: "All 21" }).click();
  await expect.poll(() => page.locator("li.file:visible").count()).toBe(21);
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

import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../browser/chromium.ts";
import { becomes, drop, failing, passing, row, type Stage, setMood, stage, state } from "../stage.ts";

/* Sending, in a real browser through the real server handler to an emulated service. */

let here: Stage;
beforeAll(async () => {
  here = await stage();
}, 60_000);
afterAll(() => here?.close());

test("a page that another machine serves without TLS can send, and copy addresses", async () => {
  const args = ["--host-resolver-rules=MAP without-tls.example 127.0.0.1"];
  const browser = await chromium.launch({ executablePath: await findChromium(), args });
  try {
    const page = await browser.newPage();
    await page.goto(`${here.demo.url.replace("127.0.0.1", "without-tls.example")}?empty`);
    expect(await page.evaluate("[isSecureContext, typeof navigator.clipboard]")).toEqual([
      false,
      "undefined",
    ]);
    await drop(page, passing);
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    await page.getByRole("button", { name: "Copy: mp4-h264-aac.mp4" }).click();
    await page.getByRole("button", { name: "Copied: mp4-h264-aac.mp4" }).waitFor();
    await page.evaluate(() => document.body.append(document.createElement("textarea")));
    await page.locator("textarea").focus();
    await page.keyboard.press("Control+V");
    expect(await page.locator("textarea").inputValue()).toMatch(/^asset:\/\//);
  } finally {
    await browser.close();
  }
});

describe("sending", () => {
  test("ends with an address to copy, and waits for a lost network", async () => {
    const { page } = await here.open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const announcedUri = page.evaluate(
      () =>
        new Promise((hear) =>
          document.addEventListener(
            "media-preflight-asset",
            (event) => hear((event as CustomEvent).detail.asset.uri),
            { once: true },
          ),
        ),
    );
    await drop(page, passing);
    await becomes(page, "mp4-h264-aac.mp4", "pass");

    await page.waitForLoadState("networkidle");
    // Without a network: said in words, and nothing is lost.
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    const progress = row(page, "mp4-h264-aac.mp4").locator(".progress-text");
    await expect
      .poll(() => progress.textContent())
      .toMatch(/^No network: sending continues when it is back$/);
    expect(await state(page, "mp4-h264-aac.mp4")).toBe("sending");
    expect(await page.getByRole("status").textContent()).toMatch(/^No network/);
    await page.context().setOffline(false);
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    const uri = await row(page, "mp4-h264-aac.mp4").locator("code").textContent();
    expect(uri).toMatch(/^asset:\/\/atlas-asset-/);
    expect(await announcedUri).toBe(uri);
    await page.getByRole("button", { name: "Copy: mp4-h264-aac.mp4" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(uri);
    await page.context().close();
  });

  test("tells listeners once of an asset and of a problem, not again when files are checked again, removed or put back", async () => {
    const { page } = await here.open();
    await drop(page, passing, "video/duration-15s.mp4");
    await becomes(page, "duration-15s.mp4", "pass");
    const dispatched = await page.evaluateHandle(() => {
      const seen: string[] = [];
      for (const name of ["asset", "problem"])
        document.addEventListener(`media-preflight-${name}`, (event) =>
          seen.push(`${name} ${(event as CustomEvent).detail.file.name}`),
        );
      return seen;
    });
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    await setMood(page, "broken");
    await page.getByRole("button", { name: "Send: duration-15s.mp4" }).click();
    await becomes(page, "duration-15s.mp4", "stopped");
    await setMood(page, "fine");
    const all = ["asset mp4-h264-aac.mp4", "problem duration-15s.mp4"];
    expect(await dispatched.jsonValue()).toEqual(all);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    await becomes(page, "duration-15s.mp4", "stopped");
    expect(await dispatched.jsonValue()).toEqual(all);
    // An invalid table is a problem of every file that is checked by it: once with each check.
    const element = page.locator("media-preflight");
    await page.getByRole("button", { name: "Clear" }).click();
    await drop(page, failing);
    await becomes(page, "pixels-1920x1080.mp4", "fail");
    const unknown = (id: string) => element.evaluate((e, value) => e.setAttribute("rules", value), id);
    await unknown("none-such");
    await becomes(page, "pixels-1920x1080.mp4", "unreadable");
    await unknown("none-such-either");
    await expect.poll(async () => (await dispatched.jsonValue()).length).toBe(4);
    await unknown("atlas-seedance-2.0");
    await becomes(page, "pixels-1920x1080.mp4", "fail");
    expect((await dispatched.jsonValue()).slice(2)).toEqual(
      new Array(2).fill("problem pixels-1920x1080.mp4"),
    );
    await page.context().close();
  });

  test("leaves the focus of a keyboard on the file where nothing can be done with it for a moment", async () => {
    const { page } = await here.open();
    await setMood(page, "broken");
    await drop(page, passing);
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    const focused = () =>
      page.evaluate(() => {
        const inner = document.querySelector("media-preflight")?.shadowRoot?.activeElement;
        return inner?.getAttribute("aria-label") ?? inner?.className;
      });
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).focus();
    await page.keyboard.press("Enter");
    await becomes(page, "mp4-h264-aac.mp4", "stopped");
    await expect.poll(focused).toBe("Try again: mp4-h264-aac.mp4");
    await setMood(page, "processing");
    await page.keyboard.press("Enter");
    await becomes(page, "mp4-h264-aac.mp4", "processing");
    // Not on "Remove", which the same key would press.
    expect(await focused()).toBe("file");
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    expect(await focused()).toBe("file");
    await setMood(page, "fine");
    await page.context().close();
  });

  test("stops where the server cannot be reached although there is a network", async () => {
    const { page } = await here.open();
    await drop(page, passing);
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await page.route("**/media/uploads", (route) => route.abort());
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await expect.poll(() => state(page, "mp4-h264-aac.mp4"), { timeout: 15_000 }).toBe("stopped");
    expect(await row(page, "mp4-h264-aac.mp4").locator(".problem").textContent()).toBe(
      "The connection was lost. The files are still here: try again when it is back.",
    );
    await page.unroute("**/media/uploads");
    await page.getByRole("button", { name: "Try again: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    await page.context().close();
  }, 30_000);

  test("can be cancelled while it waits for the network", async () => {
    const { page } = await here.open();
    await drop(page, passing);
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await page.waitForLoadState("networkidle");
    const uploads = here.demo.emulator.snapshot().uploads.length;
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    const progress = row(page, "mp4-h264-aac.mp4").locator(".progress-text");
    await expect.poll(() => progress.textContent()).toMatch(/^No network/);
    await page.getByRole("button", { name: "Cancel: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await page.context().setOffline(false);
    await page.waitForTimeout(1500);
    expect(await state(page, "mp4-h264-aac.mp4")).toBe("pass");
    expect(here.demo.emulator.snapshot().uploads).toHaveLength(uploads);
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    await page.context().close();
  });

  test("can be cancelled, and started again", async () => {
    const { page } = await here.open();
    const uploads = here.demo.emulator.snapshot().uploads.length;
    await setMood(page, "slow");
    await drop(page, passing);
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sending");
    const bar = row(page, "mp4-h264-aac.mp4").getByRole("progressbar");
    expect(await bar.getAttribute("aria-valuetext")).toContain("Sending");
    await page.getByRole("button", { name: "Cancel: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await setMood(page, "fine");
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    expect(here.demo.emulator.snapshot().assets.length).toBeGreaterThan(0);
    expect(here.demo.emulator.snapshot().uploads.length - uploads).toBeLessThanOrEqual(2);
    await page.context().close();
  });

  test("asks before the page is left, and continues after a reload when the files are chosen again", async () => {
    const { page, errors } = await here.open();
    await setMood(page, "slow");
    await drop(page, passing);
    await becomes(page, "mp4-h264-aac.mp4", "pass");
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sending");
    let dialogType = "";
    page.once("dialog", (dialog) => {
      dialogType = dialog.type();
      void dialog.accept();
    });
    await page.reload();
    expect(dialogType).toBe("beforeunload");
    await page.waitForSelector("media-preflight[data-ready]");
    await setMood(page, "fine");
    const offer = page.locator(".offer");
    await expect.poll(() => offer.textContent()).toContain("mp4-h264-aac.mp4");
    // It has its style before there is a list.
    expect(await offer.evaluate((element) => getComputedStyle(element).display)).toBe("flex");
    await drop(page, passing);
    // It was being sent: no need to press "Send" again.
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    expect(await offer.count()).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("shows the service's reason for refusing a file", async () => {
    const { page } = await here.open();
    await setMood(page, "moderation");
    await drop(page, "image/jpeg-640x480.jpg");
    await becomes(page, "jpeg-640x480.jpg", "pass");
    await page.getByRole("button", { name: "Send: jpeg-640x480.jpg" }).click();
    await becomes(page, "jpeg-640x480.jpg", "stopped");
    expect(await row(page, "jpeg-640x480.jpg").locator(".problem").textContent()).toMatch(
      /SensitiveContent|policy/i,
    );
    await setMood(page, "fine");
    await page.context().close();
  });

  test("an unsure file needs the page's permission", async () => {
    const { page } = await here.open();
    await drop(page, "audio/mp3-vbri-lies.mp3");
    await becomes(page, "mp3-vbri-lies.mp3", "unsure");
    const send = page.getByRole("button", { name: "Send: mp3-vbri-lies.mp3" });
    expect(await send.count()).toBe(0);
    await page.evaluate(() => document.querySelector("media-preflight")?.setAttribute("accept-unsure", ""));
    await send.waitFor();
    expect(await state(page, "mp3-vbri-lies.mp3")).toBe("unsure");
    await page.context().close();
  });

  test("can be prevented by a listener", async () => {
    const { page } = await here.open();
    await page.evaluate(() =>
      document
        .querySelector("media-preflight")
        ?.addEventListener("media-preflight-send", (event) => event.preventDefault(), { once: true }),
    );
    await drop(page, passing);
    const send = page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" });
    await send.click();
    expect(await state(page, "mp4-h264-aac.mp4")).toBe("pass");
    await send.click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    await page.context().close();
  });
});

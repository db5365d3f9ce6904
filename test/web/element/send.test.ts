import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { becomes, drop, passing, row, type Stage, setMood, stage, state } from "../stage.ts";

/* Sending, in a real browser through the real server handler to an emulated service. */

let here: Stage;
beforeAll(async () => {
  here = await stage();
}, 60_000);
afterAll(() => here?.close());

describe("sending", () => {
  test("ends with an address to copy, and survives a lost connection", async () => {
    const { page } = await here.open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const heard = page.evaluate(
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
    await becomes(page, "mp4-h264-aac.mp4", "stopped");
    expect(await row(page, "mp4-h264-aac.mp4").locator(".problem").textContent()).toBe(
      "The connection was lost. The files are still here: try again when it is back.",
    );
    await page.context().setOffline(false);

    await page.getByRole("button", { name: "Try again: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    const uri = await row(page, "mp4-h264-aac.mp4").locator("code").textContent();
    expect(uri).toMatch(/^asset:\/\/atlas-asset-/);
    expect(await heard).toBe(uri);
    await page.getByRole("button", { name: "Copy: mp4-h264-aac.mp4" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(uri);
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
    let asked = "";
    page.once("dialog", (dialog) => {
      asked = dialog.type();
      void dialog.accept();
    });
    await page.reload();
    expect(asked).toBe("beforeunload");
    await page.waitForSelector("media-preflight[data-ready]");
    await setMood(page, "fine");
    const offer = page.locator(".offer");
    await expect.poll(() => offer.textContent()).toContain("mp4-h264-aac.mp4");
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

import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MediaPreflightElement } from "../../../src/web/element/element.ts";
import { becomes, drop, failing, fixture, passing, row, type Stage, setMood, stage } from "../stage.ts";

/* Keyboard, screen reader, colors, directions, languages and forms. */

let here: Stage;
beforeAll(async () => {
  here = await stage();
}, 60_000);
afterAll(() => here?.close());

describe("everybody can use it", () => {
  test("with the keyboard alone, and focus is never lost", async () => {
    const { page } = await here.open();
    await drop(page, passing, failing);
    await becomes(page, "pixels-1920x1080.mp4", "fail");
    for (const name of ["mp4-h264-aac.mp4", "pixels-1920x1080.mp4"])
      await row(page, name).locator(".thumb canvas").waitFor();
    const focused = () =>
      page.evaluate(() => {
        const inner = document.querySelector("media-preflight")?.shadowRoot?.activeElement;
        return inner ? (inner.getAttribute("aria-label") ?? inner.textContent) : null;
      });
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.locator("select[name=theme]").focus();
    const focusOrder: (string | null)[] = [];
    for (let i = 0; i < 15; i++) {
      await page.keyboard.press("Tab");
      focusOrder.push(await focused());
    }
    expect(focusOrder).toEqual([
      "Choose files",
      "Send 1",
      "Remove 1 not passing",
      "Clear",
      "Play: mp4-h264-aac.mp4",
      "Send: mp4-h264-aac.mp4",
      "Remove: mp4-h264-aac.mp4",
      "12 limits met",
      "Play: pixels-1920x1080.mp4",
      "Remove: pixels-1920x1080.mp4",
      "Other sources differ",
      "Make it fit: pixels-1920x1080.mp4",
      "Copy command: pixels-1920x1080.mp4",
      "9 limits met",
      null,
    ]);
    await expect.poll(() => page.getByRole("status").textContent()).toBe("1 pass, 1 fail.");
    await page.getByRole("button", { name: "Remove: mp4-h264-aac.mp4" }).focus();
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("Remove: pixels-1920x1080.mp4");
    await page.keyboard.press("Space");
    expect(await focused()).toBe("Choose files");
    expect(await page.getByRole("status").textContent()).toBe("pixels-1920x1080.mp4 removed.");
    await page.context().close();
  });

  const findings = async (page: Page): Promise<string[]> => {
    // Evaluated by the debugger: the page's own policy stays in force.
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate(
      "axe.run(document, { resultTypes: ['violations'] })",
    )) as axe.AxeResults;
    return violations.flatMap((v) =>
      v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.failureSummary}`),
    );
  };
  test.each([
    ["light", 1180],
    ["dark", 320],
  ] as const)("axe finds nothing in any state, %s, %i px wide", async (colorScheme, width) => {
    const { page } = await here.open({
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
    });
    expect(await findings(page)).toEqual([]);
    await setMood(page, "slow");
    await drop(
      page,
      passing,
      failing,
      "video/mvhd-claims-20s.mp4",
      "video/rate-23.976.mp4",
      "refused/webm.webm",
    );
    await becomes(page, "webm.webm", "fail");
    await becomes(page, "mvhd-claims-20s.mp4", "unsure");
    await page.locator("summary").first().click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sending");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel: mp4-h264-aac.mp4" }).click();
    await setMood(page, "broken");
    await page.getByRole("button", { name: "Send: rate-23.976.mp4" }).click();
    await becomes(page, "rate-23.976.mp4", "stopped");
    await setMood(page, "fine");
    await page.getByRole("button", { name: "Send: mp4-h264-aac.mp4" }).click();
    await becomes(page, "mp4-h264-aac.mp4", "sent");
    expect(await findings(page)).toEqual([]);
    // No horizontal scrolling.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  test.each([
    ["light", 1180],
    ["dark", 320],
  ] as const)("axe finds nothing while a file is made to fit, %s, %i px wide", async (colorScheme, width) => {
    const { page } = await here.open({
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
    });
    const fitButton = (name: string) =>
      page.getByRole("button", { name: `Make it fit: ${name}`, exact: true });
    for (const [file, name] of [
      ["image/webp-1600x600-too-wide.webp", "webp-1600x600-too-wide.webp"],
      ["video/duration-15.1s.mp4", "duration-15.1s.mp4"],
    ] as const) {
      await drop(page, file);
      await fitButton(name).click();
      await page.locator(".fix-choices").waitFor();
    }
    expect(await findings(page)).toEqual([]);
    await fitButton("webp-1600x600-too-wide.webp").click();
    await becomes(page, "webp-1600x600-too-wide.fixed.webp", "pass");
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  test.each([
    ["light", 1180, "en"],
    ["dark", 900, "en"],
    ["dark", 390, "en"],
    ["light", 320, "zh-CN"],
  ] as const)(
    "a file that passes takes a single row of a long list, opens there and is sent there, %s, %i px wide, %s",
    async (colorScheme, width, locale) => {
      const { page } = await here.open({
        colorScheme,
        viewport: { width, height: 900 },
        reducedMotion: "reduce",
      });
      await page
        .locator("media-preflight")
        .evaluate((element, wanted) => element.setAttribute("locale", wanted), locale);
      const name = "a name that is far too long for one row of a telephone.mp4";
      const many = Array.from({ length: 13 }, (_, i) => fixture(passing, i ? `${i}.mp4` : name));
      await drop(page, ...many);
      await expect.poll(() => page.locator("li.file[data-state=pass]").count()).toBe(13);
      const first = page.locator("li.file").first();
      await first.locator("canvas").waitFor();
      const heightOf = () => first.evaluate((element) => element.getBoundingClientRect().height);
      expect(await heightOf()).toBeLessThanOrEqual(52);
      expect(await findings(page)).toEqual([]);
      // Nothing covers anything, and the size can be read.
      const overlaps = async (count: number) => {
        const boxes = await first
          .locator(".opener, .name, .facts, .verdict, summary, .below button, .acts button, .buttons > .bare")
          .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
        expect(boxes).toHaveLength(count);
        return boxes.flatMap((a, i) =>
          boxes
            .slice(i + 1)
            .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
        );
      };
      expect(await overlaps(7)).toEqual([]);
      expect(await first.locator(".facts").textContent()).toMatch(/^7\.6\skB\s·\sMP4\s·\s854×480\s·\s3\s/);
      await first.locator(".acts button").focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect.poll(() => first.getByRole("meter").count()).toBeGreaterThan(5);
      expect(await heightOf()).toBeGreaterThan(150);
      await page.keyboard.press("Enter");
      expect(await heightOf()).toBeLessThanOrEqual(52);
      await page.locator("button[part~=send-all]").click();
      await expect.poll(() => page.locator("li.file[data-state=sent]").count()).toBe(13);
      expect(await heightOf()).toBeLessThanOrEqual(52);
      expect(await overlaps(7)).toEqual([]);
      expect(await findings(page)).toEqual([]);
      await first.locator(".asset button").click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.context().close();
    },
  );

  test("axe finds nothing in a right-to-left page, in a filtered batch and in an offer after a reload", async () => {
    const { page } = await here.open({ viewport: { width: 900, height: 900 }, reducedMotion: "reduce" });
    await page.evaluate(`(async () => {
      const { addLocale, english } = await import("/element.js");
      addLocale("ar", { texts: { ...english, choose: "اختر الملفات", fail: "فشل" }, messages: {} });
      document.documentElement.lang = "ar";
      document.documentElement.dir = "rtl";
      document.querySelector("media-preflight").setAttribute("locale", "ar");
    })()`);
    await page.getByRole("button", { name: "اختر الملفات" }).waitFor();
    const many = Array.from({ length: 22 }, (_, i) => fixture(i % 2 ? failing : passing, `${i}.mp4`));
    await drop(page, ...many);
    await expect.poll(() => page.locator("li.file[data-state=fail]").count()).toBe(11);
    expect(await findings(page)).toEqual([]);
    await page.locator(".filter button").nth(1).click();
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(900);
    await page.evaluate(() => document.querySelector("media-preflight")?.clear());
    await page.evaluate(() => {
      const unfinished = [{ key: "a.mp4 1 1", name: "a.mp4", assetId: null }];
      const endpoint = document.querySelector("media-preflight")?.getAttribute("endpoint");
      addEventListener("pagehide", () =>
        sessionStorage.setItem(`media-preflight ${endpoint}`, JSON.stringify(unfinished)),
      );
    });
    await page.reload();
    await page.locator(".offer", { hasText: "a.mp4" }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.context().close();
  });

  test("in the page's language, and in another as soon as that changes", async () => {
    const { page } = await here.open();
    await drop(page, failing);
    await becomes(page, "pixels-1920x1080.mp4", "fail");
    await page.selectOption("select[name=locale]", "zh-CN");
    await page.getByRole("button", { name: "选择文件" }).waitFor();
    await expect
      .poll(() => row(page, "pixels-1920x1080.mp4").locator(".verdict").textContent())
      .toBe("未通过");
    expect(await row(page, "pixels-1920x1080.mp4").locator(".findings").textContent()).toContain(
      "共 2,073,600 像素",
    );
    expect(await row(page, "pixels-1920x1080.mp4").locator(".hint").textContent()).toBe("缩放到 1280×720");
    expect(
      await page
        .locator("media-preflight")
        .evaluate((element) => (element as MediaPreflightElement).reports[0]?.verdict),
    ).toBe("fail");
    await page.context().close();
  });

  test("in an added language; texts that it lacks are in English", async () => {
    const { page } = await here.open();
    // As text, so that the import is the page's own.
    await page.evaluate(`(async () => {
      const { addLocale, english } = await import("/element.js");
      addLocale("de", async () => ({
        texts: { ...english, choose: "Dateien wählen", fail: "Fällt durch" },
        messages: { "hint.scale": "auf {width}×{height} bringen", max: "{value}: über {bound}" },
      }));
      document.querySelector("media-preflight").setAttribute("locale", "de-AT");
    })()`);
    await page.getByRole("button", { name: "Dateien wählen" }).waitFor();
    await drop(page, failing);
    await becomes(page, "pixels-1920x1080.mp4", "fail");
    const failed = row(page, "pixels-1920x1080.mp4");
    expect(await failed.locator(".verdict").textContent()).toBe("Fällt durch");
    expect(await failed.locator(".hint").textContent()).toBe("auf 1280×720 bringen");
    await page.context().close();
  });

  test("as a field of a form", async () => {
    const { page } = await here.open();
    const value = await page.evaluate(async (html) => {
      const form = document.createElement("form");
      const element = document.createElement("media-preflight");
      element.setAttribute("name", "clip");
      form.append(element);
      document.body.append(form);
      const changed = new Promise((done) => element.addEventListener("media-preflight-report", done));
      element.add([new File([html], "page.mp4")]);
      await changed;
      const failing = new FormData(form).getAll("clip").length;
      const bytes = await (await fetch("/fixtures/image/jpeg-640x480.jpg")).blob();
      const passed = new Promise((done) => element.addEventListener("media-preflight-report", done));
      element.add([new File([bytes], "a.jpg")]);
      await passed;
      const file = await new Promise<FormDataEntryValue>((done) => {
        const look = (): void => {
          const [value] = new FormData(form).getAll("clip");
          if (value) done(value);
          else setTimeout(look, 10);
        };
        look();
      });
      // A file that can no longer be checked has not passed.
      element.rules = {};
      const unchecked = await new Promise<boolean>((done) => {
        const deadline = Date.now() + 20_000;
        const look = (): void => {
          const isEmpty = new FormData(form).getAll("clip").length === 0;
          if (isEmpty || Date.now() > deadline) done(isEmpty);
          else setTimeout(look, 10);
        };
        look();
      });
      form.reset();
      return { failing, name: (file as File).name, unchecked, after: element.files.length };
    }, "<html>");
    expect(value).toEqual({ failing: 0, name: "a.jpg", unchecked: true, after: 0 });
    await page.context().close();
  });

  test("in a right-to-left page, where English text and its numbers keep their order", async () => {
    const { page } = await here.open();
    await page.evaluate(() => {
      document.documentElement.dir = "rtl";
    });
    await drop(page, failing);
    await becomes(page, "pixels-1920x1080.mp4", "fail");
    const evidence = row(page, "pixels-1920x1080.mp4").locator(".evidence");
    expect(await evidence.evaluate((element) => getComputedStyle(element).direction)).toBe("ltr");
    await page.evaluate(`(async () => {
      const { addLocale, english } = await import("/element.js");
      addLocale("ar", { texts: { ...english, fail: "فشل" }, messages: {} });
      document.querySelector("media-preflight").setAttribute("locale", "ar");
    })()`);
    await expect.poll(() => evidence.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
    expect(await evidence.textContent()).toMatch(/^\u20661920×1080 = 2,073,600 total pixels.*\u2069$/);
    // What the language lacks is in English, and reads from left to right.
    const [first, second] = await evidence.evaluate((element) => {
      const text = element.firstChild as Text;
      const leftOf = (word: string): number => {
        const range = document.createRange();
        const at = text.data.indexOf(word);
        range.setStart(text, at);
        range.setEnd(text, at + word.length);
        return range.getBoundingClientRect().left;
      };
      return [leftOf("1920×1080"), leftOf("total")];
    });
    expect(first).toBeLessThan(second ?? 0);
    await page.context().close();
  });

  test("in the color scheme of the page around it, not of the system", async () => {
    const { page } = await here.open({ colorScheme: "dark" });
    const background = () =>
      page.locator(".zone-box button").evaluate((element) => getComputedStyle(element).color);
    const dark = await background();
    await page.evaluate(() => {
      document.documentElement.style.colorScheme = "light";
    });
    await expect.poll(background).not.toBe(dark);
    await page.context().close();
  });
});

test("the page requested nothing from another origin", () => {
  const requested = here.addresses.filter((address) => !address.startsWith("data:"));
  expect(requested.length).toBeGreaterThan(100);
  expect([...new Set(requested.map((address) => new URL(address).origin))]).toEqual([
    new URL(here.demo.url).origin,
  ]);
});

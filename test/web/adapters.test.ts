import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture, type Stage, stage } from "./stage.ts";

/* Other people's upload and form libraries, the real packages in a real browser, with our checks in them. */

const names = ["uppy", "react-dropzone", "form"] as const;

let here: Stage;
beforeAll(async () => {
  const scripts = Object.fromEntries(names.map((name) => [`test-${name}`, `test/web/pages/${name}.ts`]));
  const page = (name: string) => ({
    type: "text/html",
    body: `<!doctype html><html lang=en><title>${name}</title><script type=module src=/test-${name}.js></script>`,
  });
  const pages = Object.fromEntries(names.map((name) => [`/${name}.html`, page(name)]));
  here = await stage({ scripts, pages });
}, 60_000);
afterAll(() => here?.close());

/** A page that has been given its session by the first one. */
async function open(name: (typeof names)[number]) {
  const opened = await here.open();
  await opened.page.goto(`${here.demo.url}${name}.html`);
  return opened;
}

const passing = "/fixtures/video/mp4-h264-aac.mp4";
const failing = "/fixtures/video/pixels-1920x1080.mp4";

test("Uppy uploads what passes, does not upload the rest, and says why", async () => {
  const { page, errors } = await open("uppy");
  await page.waitForFunction("globalThis.upload");
  const before = here.demo.emulator.snapshot().uploads.length;
  const result = await page.evaluate(`upload(${JSON.stringify([passing, failing])})`);
  expect(result).toMatchObject({
    successful: ["mp4-h264-aac.mp4"],
    failed: [
      {
        name: "pixels-1920x1080.mp4",
        error: expect.stringMatching(/2,073,600 total pixels, over 927,408.*scale to 1280×720/),
        verdict: "fail",
      },
    ],
    messages: [expect.stringContaining("2,073,600 total pixels")],
  });
  expect(here.demo.emulator.snapshot().uploads.length).toBe(before + 1);
  // Retry checks again, and does not let it through.
  expect(await page.evaluate("retry()")).toEqual({ successful: 0, failed: 1 });
  expect(here.demo.emulator.snapshot().uploads.length).toBe(before + 1);
  // Uppy logs each refusal; nothing else went wrong.
  expect(errors.filter((error) => !error.includes("total pixels"))).toEqual([]);
  await page.context().close();
});

test("react-dropzone accepts what passes, and rejects the rest with a code and a message for each rule", async () => {
  const { page, errors } = await open("react-dropzone");
  const files = ["video/mp4-h264-aac.mp4", "video/pixels-1920x1080.mp4"].map((path) => {
    const { name, bytes } = fixture(path);
    return { name, mimeType: "video/mp4", buffer: Buffer.from(bytes) };
  });
  await page.locator("input[type=file]").setInputFiles(files);
  await page.locator(".accepted").waitFor();
  expect(await page.locator(".accepted").allTextContents()).toEqual(["mp4-h264-aac.mp4"]);
  const [rejected] = await page.locator(".rejected").allTextContents();
  expect(rejected).toMatch(/^pixels-1920x1080\.mp4 \| video\/pixels: 1920×1080 = 2,073,600 total pixels/);
  expect(await page.evaluate("verdicts.toSorted()")).toEqual([
    "mp4-h264-aac.mp4 pass",
    "pixels-1920x1080.mp4 fail",
  ]);
  expect(errors).toEqual([]);
  await page.context().close();
});

test("TanStack Form takes the schema as it is", async () => {
  const { page } = await open("form");
  await page.waitForFunction("globalThis.fill");
  expect(await page.evaluate(`fill(${JSON.stringify(passing)})`)).toEqual({
    errors: [],
    submitted: ["mp4-h264-aac.mp4"],
  });
  expect(await page.evaluate(`fill(${JSON.stringify(failing)})`)).toEqual({
    errors: [expect.stringMatching(/2,073,600 total pixels.*scale to 1280×720/)],
    submitted: [],
  });
  await page.context().close();
});

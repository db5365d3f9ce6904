import { afterAll, beforeAll, expect, test } from "vitest";
import { timed } from "../../timing.ts";
import { fixture, type Stage } from "../stage.ts";
import { tasksDuring } from "../tasks.ts";
import { type Fixed, fixInPage, fixStage, give, openFixPage } from "./page.ts";

/* fix() for still images in a real browser. */

let here: Stage;
beforeAll(async () => {
  here = await fixStage();
}, 60_000);
afterAll(() => here?.close());

test("a JPEG of 45 megapixels is scaled without holding up the page", timed, async () => {
  const page = await openFixPage(here);
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(8256, 5504);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    for (const [i, color] of ["#c00", "#0c0", "#00c", "#cc0"].entries()) {
      context.fillStyle = color;
      context.fillRect((i % 2) * 4128, Math.floor(i / 2) * 2752, 4128, 2752);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    Object.assign(globalThis, { file: new File([blob], "large.jpg") });
  });
  let result: Fixed | undefined;
  const tasks = await tasksDuring(page, async () => {
    result = await fixInPage(page, { type: "image" });
  });
  expect(Math.max(...tasks)).toBeLessThan(50);
  if (!result) throw new Error("nothing was fixed");
  const { outcome, report, reason, plan } = result;
  expect([outcome, reason]).toEqual(["fixed", null]);
  const { width, height, format } = report.facts;
  expect(format).toBe("jpeg");
  expect(width).toBeLessThanOrEqual(6000);
  expect((width ?? 0) / (height ?? 1)).toBeCloseTo(1.5, 2);
  expect(plan.steps.map(({ kind }) => kind)).toEqual(["scale"]);
  const corners = await page.evaluate(async () => {
    const { copy } = globalThis as unknown as { copy: File };
    const bitmap = await createImageBitmap(copy, { resizeWidth: 30, resizeHeight: 20 });
    const canvas = new OffscreenCanvas(30, 20);
    const context = canvas.getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const at = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3);
    return [at(3, 3), at(26, 3), at(3, 16), at(26, 16)];
  });
  const expected = [
    [204, 0, 0],
    [0, 204, 0],
    [0, 0, 204],
    [204, 204, 0],
  ];
  const apart = corners.flat().map((value, i) => Math.abs(value - (expected.flat()[i] ?? -99)));
  expect(Math.max(...apart)).toBeLessThan(6);
  await page.context().close();
});

test("a picture is turned upright, and the loss of its metadata is stated", async () => {
  const page = await openFixPage(here);
  const source = fixture("image/jpeg-orientation-6.jpg");
  await give(page, source);
  const rules = { id: "narrow", title: "Narrow", source: "https://example.com/", checked: "2026-11-29" };
  const result = await page.evaluate(async (rules) => {
    const { media, file } = globalThis as unknown as {
      media: typeof import("../../../src/browser.ts");
      file: File;
    };
    const { width, height } = (await media.preflight(file)).facts;
    const table = { ...rules, types: { image: { width: { max: 200, unit: "px" } } } };
    const { outcome, report, plan, reason } = await media.fix(file, { rules: table });
    return { before: { width, height }, outcome, facts: report.facts, losses: plan.losses, reason };
  }, rules);
  expect([result.outcome, result.reason]).toEqual(["fixed", null]);
  const { width, height, rotation } = result.facts;
  expect(rotation ?? 0).toBe(0);
  expect(width).toBeLessThanOrEqual(200);
  expect((width ?? 0) / (height ?? 1)).toBeCloseTo(
    (result.before.width ?? 0) / (result.before.height ?? 1),
    1,
  );
  expect(result.losses.map(({ kind }) => kind)).toContain("metadata");
  await page.context().close();
});

test("transparency is kept, filled with a colour when asked, and a label of AI-made media stays", async () => {
  const page = await openFixPage(here);
  const found = await page.evaluate(async () => {
    const { media } = globalThis as unknown as { media: typeof import("../../../src/browser.ts") };
    const canvas = new OffscreenCanvas(200, 300);
    canvas.getContext("2d")?.fillRect(50, 50, 100, 100);
    const png = new File([await canvas.convertToBlob({ type: "image/png" })], "clear.png");
    const summary = ({ outcome, reason, report, plan }: Awaited<ReturnType<typeof media.fix>>) => [
      outcome,
      reason?.code ?? null,
      report.facts.format,
      plan.losses.map(({ kind }) => kind).join(),
    ];
    const kept = await media.fix(png, { type: "image" });
    const bitmap = await createImageBitmap(kept.output ?? new Blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const corner = context?.getImageData(0, 0, 1, 1).data[3];
    const filled = await media.fix(png, { type: "image", background: "#ffffff" });

    // IPTC's label in an XMP packet: an APP1 segment right after the start of a JPEG.
    const jpeg = await canvas.convertToBlob({ type: "image/jpeg" });
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><DigitalSourceType>trainedAlgorithmicMedia</DigitalSourceType></x:xmpmeta>';
    const body = new TextEncoder().encode(`http://ns.adobe.com/xap/1.0/\0${xmp}`);
    const segment = new Uint8Array([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body]);
    const labelled = new File([jpeg.slice(0, 2), segment, jpeg.slice(2)], "made.jpg");
    const label = await media.fix(labelled, { type: "image" });
    const labels = [label.output, (await media.fix(labelled, { type: "image", to: "png" })).output];
    const texts = await Promise.all(labels.map((copy) => copy?.text()));
    return {
      kept: summary(kept),
      corner,
      filled: summary(filled),
      label: summary(label),
      labels: texts.map((text) => text?.includes("trainedAlgorithmicMedia")),
    };
  });
  expect(found).toEqual({
    kept: ["fixed", null, "png", ""],
    corner: 0,
    filled: ["fixed", null, "png", "alpha"],
    label: ["fixed", null, "jpeg", ""],
    labels: [true, true],
  });
  await page.context().close();
});

test("an animation is not reduced to one picture without being asked", async () => {
  const page = await openFixPage(here);
  await give(page, fixture("image/gif-animated-3-frames.gif"));
  const found = await page.evaluate(async () => {
    const { media, file } = globalThis as unknown as {
      media: typeof import("../../../src/browser.ts");
      file: File;
    };
    const { width } = (await media.preflight(file)).facts;
    const rules = {
      id: "narrow",
      title: "Narrow",
      source: "https://example.com/",
      checked: "2026-11-29",
      types: { image: { width: { max: (width ?? 0) - 20, unit: "px" } } },
    };
    const whole = await media.fix(file, { rules });
    const first = await media.fix(file, { rules, firstFrame: true });
    return [whole.outcome, whole.reason?.code, whole.plan.command?.slice(0, 6), first.outcome];
  });
  expect(found).toEqual(["cannot", "animation", "ffmpeg", "fixed"]);
  await page.context().close();
});

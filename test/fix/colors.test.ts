import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { fix } from "../../src/fix/fix.node.ts";
import { floatTiff, grayProfile } from "./made-pictures.ts";
import { ffmpeg, ffmpegInstalled, has } from "./tools.ts";

/* Color profiles, color models and metadata of pictures: kept, or named among the losses. */

const root = mkdtempSync(join(tmpdir(), "fix-colors-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string): string => join(root, name);

/** 250×200, which is too small, in the color of sRGB's red and with a profile that reaches further. */
function wideGamut(): Sharp {
  const picture = sharp({ create: { width: 250, height: 200, channels: 3, background: "#ff0000" } });
  return picture.withIccProfile("p3");
}

interface Seen {
  /** The description of its profile: "sP3C" is Display P3. */
  profile: string | null;
  /** The color in its middle as sRGB. */
  color: number[];
  exif: boolean;
  iptc: boolean;
  comments: number;
}

async function look(path: string): Promise<Seen> {
  const { icc, exif, iptc, comments } = await sharp(path).metadata();
  const middle = sharp(path).extract({ left: 100, top: 100, width: 1, height: 1 });
  return {
    profile: icc ? (/sP3C|sRGB/.exec(icc.toString("latin1").replaceAll("\0", ""))?.[0] ?? "other") : null,
    color: [...(await middle.toColourspace("srgb").removeAlpha().raw().toBuffer())],
    exif: exif !== undefined,
    iptc: iptc !== undefined,
    comments: comments?.length ?? 0,
  };
}

const exiftool = (...args: string[]): void => {
  execFileSync("exiftool", ["-q", "-overwrite_original", ...args]);
};

describe("a picture that is fixed", () => {
  test.each(["jpeg", "png", "webp"] as const)("keeps Display P3 beside its EXIF as %s", async (format) => {
    const path = at(`wide.${format}`);
    await wideGamut()
      .withExif({ IFD0: { Copyright: "me" } })
      .toFormat(format, { quality: 100, lossless: true })
      .toFile(path);
    const { output, plan } = await fix(path);
    expect(plan.losses).toEqual([]);
    const seen = await look(output ?? "");
    expect(seen).toMatchObject({ profile: "sP3C", exif: true });
    expect(Math.abs((seen.color[0] ?? 0) - 255)).toBeLessThan(3);
  });

  const formats = ["bmp", "gif"] as const;
  test.skipIf(!ffmpegInstalled).each(formats)(
    "as %s, without profile, is in sRGB (needs ffmpeg)",
    async (to) => {
      const path = at(`wide-to-${to}.png`);
      await sharp({ create: { width: 251, height: 200, channels: 3, background: "#20c040" } })
        .withIccProfile("p3")
        .png()
        .toFile(path);
      const { output, outcome } = await fix(path, { to });
      expect(outcome).toBe("fixed");
      if (to === "bmp") ffmpeg("-i", output ?? "", at("seen.png"));
      const { color } = await look(to === "bmp" ? at("seen.png") : (output ?? ""));
      for (const [i, value] of [0x20, 0xc0, 0x40].entries())
        expect(Math.abs((color[i] ?? 0) - value)).toBeLessThan(6);
    },
  );

  test("in CMYK becomes RGB with a profile that says so, and the change is named", async () => {
    const path = at("inks.jpg");
    await wideGamut().toColourspace("cmyk").withIccProfile("cmyk").jpeg().toFile(path);
    const { output, plan } = await fix(path);
    expect(plan.losses).toEqual([{ kind: "color", detail: "CMYK → RGB" }]);
    expect((await sharp(output ?? "").metadata()).space).toBe("srgb");
    expect((await look(output ?? "")).profile).toBe("sRGB");
  });

  test("in gray with a profile for one channel looks the same in three", async () => {
    const path = at("gray.png");
    writeFileSync(at("gray.icc"), grayProfile());
    await sharp({ create: { width: 250, height: 200, channels: 3, background: "#808080" } })
      .toColourspace("b-w")
      .withIccProfile(at("gray.icc"))
      .png()
      .toFile(path);
    expect((await sharp(path).metadata()).channels).toBe(1);
    const [before, after] = [await look(path), await look((await fix(path)).output ?? "")];
    expect(before.profile).toBe("other");
    expect(after.profile).toBe("sRGB");
    expect(Math.abs((before.color[0] ?? 0) - (after.color[0] ?? 0))).toBeLessThan(3);
  });

  test("in floating point, whose white nothing states, is not guessed at", async () => {
    const path = at("float.tiff");
    writeFileSync(path, floatTiff(250, 200));
    expect((await sharp(path).metadata()).depth).toBe("float");
    expect(await fix(path)).toMatchObject({ outcome: "cannot", reason: { code: "no-decoder" } });
  });

  test.skipIf(!has("exiftool"))("keeps IPTC captions and PNG text (needs exiftool)", async () => {
    await wideGamut().jpeg().toFile(at("caption.jpg"));
    exiftool("-IPTC:Caption-Abstract=Hello", at("caption.jpg"));
    expect((await look((await fix(at("caption.jpg"))).output ?? "")).iptc).toBe(true);
    await wideGamut().png().toFile(at("text.png"));
    exiftool("-PNG:Author=Me", "-PNG:Comment=Hello", at("text.png"));
    expect((await look((await fix(at("text.png"))).output ?? "")).comments).toBe(2);
  });

  test.skipIf(!has("exiftool"))(
    "drops the thumbnail of what it no longer shows (needs exiftool)",
    async () => {
      const [path, small] = [at("turned.jpg"), at("thumbnail.jpg")];
      await wideGamut().jpeg().toFile(path);
      await wideGamut().resize(100, 80).jpeg().toFile(small);
      exiftool("-n", "-Orientation=6", "-Copyright=me", `-ThumbnailImage<=${small}`, path);
      const tags = ["-s3", "-ThumbnailLength", "-Copyright", "-Warning"];
      expect(String(execFileSync("exiftool", [...tags, path]))).toMatch(/^\d+\nme\n$/);
      const { output } = await fix(path);
      expect(String(execFileSync("exiftool", [...tags, output ?? ""]))).toBe("me\n");
      expect((await sharp(output ?? "").metadata()).exif).toBeDefined();
    },
  );

  test("that was a WebP with an orientation, which does not count there, stays upright as JPEG", async () => {
    const path = at("lying.webp");
    await wideGamut().withMetadata({ orientation: 6 }).withIccProfile("p3").webp().toFile(path);
    expect((await sharp(path).metadata()).orientation).toBe(6);
    const { output, outcome } = await fix(path, { to: "jpeg" });
    expect(outcome).toBe("fixed");
    const { orientation, width = 0, height = 0 } = await sharp(output ?? "").metadata();
    expect([orientation, width > height]).toEqual([1, true]);
    expect((await look(output ?? "")).profile).toBe("sP3C");
  });

  test.skipIf(!has("heif-enc") || !has("heif-convert") || !has("exiftool"))(
    "that was a HEIC with EXIF of a phone keeps place, profile and direction (needs heif-enc, heif-convert and exiftool)",
    async () => {
      await wideGamut().png().toFile(at("phone.png"));
      execFileSync("heif-enc", ["-q", "90", "-o", at("phone.heic"), at("phone.png")], { stdio: "ignore" });
      const place = ["-GPSLatitude=48.85", "-GPSLatitudeRef=N", "-GPSLongitude=2.29", "-GPSLongitudeRef=E"];
      exiftool("-n", "-Orientation=6", "-Make=A", ...place, at("phone.heic"));
      const { output, plan, reason } = await fix(at("phone.heic"));
      expect([reason, plan.losses]).toEqual([null, []]);
      expect(await look(output ?? "")).toMatchObject({ profile: "sP3C", exif: true });
      const shown = execFileSync("exiftool", ["-s3", "-n", "-GPSPosition", "-Orientation", output ?? ""]);
      expect(String(shown).trim().split("\n")).toEqual(["48.85 2.29", "1"]);
    },
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkAssetName,
  chooseAssetName,
  isGeneratedFor,
  looksGenerated,
} from "../../../src/submit/asset/asset-name.ts";

const sha256 = "0123456789abcdef".repeat(4);
const digits = sha256.slice(0, 32);

describe("a generated asset name", () => {
  it.each([
    ["clips/sunset.final.mp4", "sunset.final"],
    ["C:\\clips\\sunset.mp4", "sunset"],
    [".mp4", ".mp4"],
    ["日没 🌇.mov", "日没 🌇"],
    ["a\u0000b\n\tc.png", "a b c"],
    ["\u202Egpj.png", "gpj"],
    [null, "video"],
    [`${"x".repeat(30)} y z.mov`, `${"x".repeat(30)}`],
    [`${"🌇".repeat(80)}.mov`, "🌇".repeat(31)],
  ])("of %j is %j and 32 digits of the hash", (file, base) => {
    const name = { assetName: `${base}-${digits}`, namedBy: "tool" };
    expect(chooseAssetName(undefined, file, "video", sha256)).toEqual(name);
  });

  it("has at most 64 characters, contains the hash, and is recognised as generated, whatever the file is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200, size: "max" }), (file) => {
        const { assetName } = chooseAssetName(undefined, file, "image", sha256);
        expect([...assetName].length).toBeLessThanOrEqual(64);
        expect(assetName).toMatch(/^[^\p{C}]+-[0-9a-f]{32}$/u);
        expect(isGeneratedFor(assetName, sha256)).toBe(true);
        expect(isGeneratedFor(assetName, "f".repeat(64))).toBe(false);
        expect(looksGenerated(assetName)).toBe(true);
      }),
    );
  });
});

describe("an asset name that a user gives", () => {
  it("is sent as given", () => {
    for (const given of ["sunset", "🌇".repeat(64), `${digits}`, `take-${digits}.png`])
      expect(chooseAssetName(given, "x.png", "image", sha256)).toEqual({ assetName: given, namedBy: "user" });
  });

  it.each([
    ["", 0],
    ["x".repeat(65), 65],
  ])("is refused if it is empty or too long: %j", (given, length) => {
    expect(() => chooseAssetName(given, null, "image", sha256)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `an asset's name has 1 to 64 characters, not ${length}`,
        hint: expect.stringContaining("shorter name"),
      }),
    );
  });

  it.each(["a\u0000b", "a\nb", "\u0085"])("is refused if it has control characters: %j", (given) => {
    expect(() => checkAssetName(given)).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("control characters") }),
    );
  });

  it.each([`x-${digits}`, `-${digits}`, `x-${digits.toUpperCase()}`, `x-${digits} `, `x-${digits}\u200b`])(
    "is refused if it ends like a generated one, also after trimming: %j",
    (given) => {
      expect(() => checkAssetName(given)).toThrow(expect.objectContaining({ code: "usage" }));
    },
  );
});

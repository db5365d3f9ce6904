import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assetName } from "../../src/submit/asset-name.ts";

const digits = "0123456789";

describe("an asset's name", () => {
  it.each([
    ["clips/sunset.final.mp4", "sunset.final-0123456789"],
    ["C:\\clips\\sunset.mp4", "sunset-0123456789"],
    [".mp4", ".mp4-0123456789"],
    ["日没 🌇.mov", "日没 🌇-0123456789"],
    ["a\u0000b\n\tc.png", "a b c-0123456789"],
    ["\u202Egpj.png", "gpj-0123456789"],
    [null, "video-0123456789"],
    [`${"x".repeat(52)} y z.mov`, `${"x".repeat(52)}-0123456789`],
    [`${"🌇".repeat(80)}.mov`, `${"🌇".repeat(53)}-0123456789`],
  ])("of %j is %j", (file, name) => {
    expect(assetName(undefined, file, "video", digits)).toEqual({ name, namedBy: "tool" });
  });

  it("has 12 to 64 characters and ends in the digits, whatever the file is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200, size: "max" }), (file) => {
        const { name } = assetName(undefined, file, "image", digits);
        expect([...name].length).toBeLessThanOrEqual(64);
        expect(name).toMatch(/^[^\p{C}]+-0123456789$/u);
      }),
    );
  });

  it("is the user's own as given, or a coded error", () => {
    expect(assetName("sunset", "x.png", "image", digits)).toEqual({ name: "sunset", namedBy: "user" });
    expect(assetName("🌇".repeat(64), null, "image", digits).namedBy).toBe("user");
    for (const [bad, length] of [
      ["", 0],
      ["x".repeat(65), 65],
    ] as const)
      expect(() => assetName(bad, null, "image", digits)).toThrow(
        expect.objectContaining({
          code: "usage",
          message: `an asset's name has 1 to 64 characters, not ${length}`,
          hint: expect.stringContaining("shorter name"),
        }),
      );
  });
});

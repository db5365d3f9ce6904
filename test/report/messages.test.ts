import { describe, expect, test } from "vitest";
import type { Format, Kind } from "../../src/facts/formats.ts";
import { en } from "../../src/report/messages/en.ts";
import { loadMessages, locales } from "../../src/report/messages/locales.ts";
import { zhCN } from "../../src/report/messages/zh-CN.ts";
import { describeFinding } from "../../src/report/render.ts";
import type { Finding } from "../../src/report/report.ts";
import type { Made } from "../rules/evidence.ts";
import { reportOf } from "./report-of.ts";

/* Messages and hints: the arithmetic, the limit, and what to do. */

const messagesOf = async (
  format: Format | null,
  made: Made = {},
  type?: Kind,
  name?: string,
): Promise<string[]> => {
  const { findings } = await reportOf(format, made, { type, name });
  return findings.map((f) => (f.hint ? `${f.message} → ${f.hint}` : f.message));
};

test("the documented example has exactly the documented fields", async () => {
  const [finding] = (await reportOf("mp4", { sizes: [[1920, 1080]] })).findings;
  expect(finding).toEqual({
    rule: "video/pixels",
    verdict: "fail",
    reason: "limit",
    actual: 2_073_600,
    limit: { min: 409_600, max: 927_408 },
    unit: "px",
    message: expect.stringContaining(
      "1920×1080 = 2,073,600 total pixels, over 927,408 (limit 409,600 – 927,408); the documentation of the generation API would accept it (409,600 – 2,086,876)",
    ),
    hint: "scale to 1280×720",
    readings: [],
    text: {
      message: { key: "accepted", values: expect.anything() },
      hint: { key: "hint.scale", values: { width: "1280", height: "720" } },
    },
  });
});

describe("messages", () => {
  const cases: [string, Format | null, Made, Kind | undefined, string | undefined, RegExp][] = [
    [
      "pixels that the service has accepted",
      "mp4",
      { sizes: [[1920, 1080]] },
      undefined,
      undefined,
      /; the service has accepted 407,696 – 8,295,044 \(seen 2026-09-10, high confidence\) →/,
    ],
    [
      "a size commonly called 480p",
      "mp4",
      { sizes: [[848, 480]] },
      undefined,
      undefined,
      /^848×480 = 407,040 total pixels, under 409,600 .* → scale to 852×482$/,
    ],
    [
      "too long: trimmed to a duration that encoders can reach",
      "mp4",
      { durations: [15.8] },
      undefined,
      undefined,
      /^15\.8 s long, over 15 s \(limit 2 – 15\) → trim to 14\.9 s$/,
    ],
    [
      "a value just past its bound is not shown as the bound",
      "wav",
      { durations: [15.000_2] },
      undefined,
      undefined,
      /^15\.0002 s long, over 15 s /,
    ],
    [
      "too short",
      "wav",
      { durations: [1.5] },
      undefined,
      undefined,
      /^1\.5 s long, under 2 s \(limit 2 – 15\) → make it at least 2\.1 s long$/,
    ],
    [
      "frame rate",
      "mp4",
      { rates: [120] },
      undefined,
      undefined,
      /^120 fps, over 60 fps \(limit 24 – 60\) → re-encode at 60 fps$/,
    ],
    [
      "a rate that people call 24",
      "mp4",
      { rates: [24_000 / 1001, 24] },
      undefined,
      undefined,
      /^the frame rate reads as 23\.976 \(average\) or 24 \(nominal\); limit 24 – 60; the service has accepted 23\.8 – 60 /,
    ],
    [
      "a size between the readings of MB",
      "mp4",
      { bytes: 51_000_000 },
      undefined,
      undefined,
      /^51,000,000 bytes: over 50 MB if 1 MB is 1,000,000 bytes, not if it is 1,048,576 → re-encode below 40 Mbit\/s, to at most 50,000,000 bytes$/,
    ],
    [
      "a size over both readings",
      "png",
      { bytes: 40_000_000 },
      undefined,
      undefined,
      /^40,000,000 bytes, not below 30 MB \(30,000,000 or 31,457,280 bytes\).* → compress it to at most 29,999,999 bytes$/,
    ],
    [
      "exactly at the limit",
      "png",
      { sizes: [[300, 400]] },
      undefined,
      undefined,
      /^300 px wide, exactly at the limit; the service has accepted 300 – 6,000 \(seen 2026-11-22, medium-high confidence\)$/,
    ],
    [
      "an aspect ratio",
      "png",
      { sizes: [[3000, 1000]] },
      undefined,
      undefined,
      /^aspect ratio 3000×1000 = 3, over 2\.5 .* → crop, or scale and pad, to 2490×1000$/,
    ],
    [
      "an aspect ratio of a picture that is too small",
      "png",
      { sizes: [[900, 200]] },
      undefined,
      undefined,
      /^200 px high, under 300 px .* → scale, then pad or crop to 752×302$/,
    ],
    ["a format", "webm", {}, undefined, undefined, /^WebM video, not mp4 or mov → convert it to mp4 or mov$/],
    [
      "another kind than declared",
      "jpeg",
      {},
      "video",
      undefined,
      /^this is an image \(JPEG\); a video is wanted here → choose another file, or declare the type image$/,
    ],
    [
      "not media",
      "html",
      {},
      undefined,
      undefined,
      /^HTML page, not an image, video or audio file → choose another file, or copy it again$/,
    ],
    [
      "an empty file",
      null,
      { bytes: 0, damage: [{ code: "empty" }] },
      "image",
      undefined,
      /^the file is empty → choose another file, or copy it again$/,
    ],
    [
      "noise",
      null,
      {},
      undefined,
      undefined,
      /^not a known image, video or audio format → choose another file, or copy it again$/,
    ],
    [
      "a cut",
      "mp4",
      { damage: [{ part: "mdat", missing: 1_204_331 }] },
      undefined,
      undefined,
      /^the file ends in the middle of mdat, at least 1,204,331 bytes short; the copy was cut → copy or download it again$/,
    ],
    [
      "a checksum",
      "png",
      { damage: [{ code: "checksum", part: "IHDR" }] },
      undefined,
      undefined,
      /^the checksum of IHDR does not match: the file is damaged → export or download it again$/,
    ],
    [
      "line endings",
      null,
      { damage: [{ code: "line-endings", part: "the PNG signature" }] },
      undefined,
      undefined,
      /^line endings were converted.* the PNG signature → copy it again in binary mode/,
    ],
    [
      "only zeros",
      null,
      { damage: [{ code: "all-zero" }] },
      undefined,
      undefined,
      /^every byte of the file is zero: .* → copy or download it again$/,
    ],
    [
      "a misleading name",
      "heic",
      {},
      undefined,
      "a.jpg",
      /^the format is HEIC image, but the name ends in \.jpg → rename it to end in \.heic$/,
    ],
    ["a codec", "mp4", { videoCodec: "av1" }, undefined, undefined, /^video codec av1, not h264 or hevc → /],
    [
      "an unread value",
      "mp4",
      { rates: [], unread: ["frameRate"] },
      undefined,
      undefined,
      /^could not read the frame rate: the file needs more work than the budget of entries allows → /,
    ],
  ];
  test.each(cases)("%s", async (_, format, made, type, name, expected) =>
    expect((await messagesOf(format, made, type, name))[0]).toMatch(expected),
  );

  test("text from a file cannot move a cursor or break a line", async () => {
    const hostile = "\u001b[2J\r\n::error::\u202e\u0085";
    const unread = [{ fact: "frameRate" as const, why: { code: "unsupported" as const, what: hostile } }];
    const all = [
      ...(await messagesOf("mp4", { videoCodec: hostile })),
      ...(await messagesOf("mp4", { damage: [{ part: hostile }] })),
      ...(await messagesOf("mp4", { rates: [], unread })),
    ];
    expect(all).toHaveLength(3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: matches the characters that must not occur
    for (const words of all) expect(words).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("languages", () => {
  test("each has the keys and placeholders of English", () => {
    const places = (words: string): string[] => [...words.matchAll(/\{\w+\}/g)].map(String).sort();
    expect(Object.keys(zhCN).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(zhCN[key], key).toMatch(/\S/);
      if (key !== "label") expect(places(zhCN[key]), key).toEqual(places(en[key]));
    }
    expect(Object.keys(locales)).toEqual(["en", "zh-CN"]);
  });
  test("loadMessages accepts a tag or an object, and returns English for an unknown tag", async () => {
    expect(await loadMessages("zh-CN")).toBe(zhCN);
    expect(await loadMessages()).toBe(en);
    expect(await loadMessages("constructor" as never)).toBe(en);
    const own = { ...en, or: " oder " };
    expect(await loadMessages(own)).toBe(own);
  });
});

describe("describeFinding", () => {
  const first = async (made: Made): Promise<Finding> => (await reportOf("mp4", made)).findings[0] as Finding;
  const copy = (finding: Finding): Finding => JSON.parse(JSON.stringify(finding));

  test("describes a finding in another language, also one parsed from JSON", async () => {
    const finding = await first({ sizes: [[1920, 1080]] });
    const expected = {
      message: expect.stringContaining(
        "共 2,073,600 像素，超过 927,408（限制为 409,600 – 927,408）；但按生成接口的文档可以接受（409,600 – 2,086,876）；服务曾接受",
      ),
      hint: "缩放到 1280×720",
    };
    expect(describeFinding(finding, zhCN)).toEqual(expected);
    expect(describeFinding(copy(finding), zhCN)).toEqual(expected);
    expect(describeFinding({ ...finding, message: "?" }, en).message).toBe(finding.message);
  });
  test("a report in one language can be shown in another without difference", async () => {
    const made: Made[] = [
      { durations: [14, 16] },
      { rates: [24_000 / 1001, 24] },
      { bytes: 51_000_000 },
      { damage: [{}] },
      { videoCodec: "av1" },
    ];
    for (const one of made) {
      const [inChinese, inEnglish] = await Promise.all([
        reportOf("mp4", one, { locale: "zh-CN" }),
        reportOf("mp4", one),
      ]);
      inChinese.findings.forEach((finding, i) => {
        const { message, hint } = inEnglish.findings[i] as Finding;
        expect(describeFinding(copy(finding), en)).toEqual({ message, hint });
      });
    }
  });
  test("translates origins of readings and confidence of observations", async () => {
    const chinese = async (made: Made): Promise<string> => describeFinding(await first(made), zhCN).message;
    expect(await chinese({ durations: [15.1] })).toMatch(/2026-07-10，可信度高/);
    expect(await chinese({ rates: [23.976, 24] })).toMatch(/可信度中高/);
    expect(await chinese({ durations: [14, 16] })).toMatch(/14（视频轨） 或 16（音频轨）/);
  });
  test("numbers follow the locale of the messages", async () => {
    const finding = await first({ durations: [15.8], bytes: 60_000_000 });
    const german = { ...en, locale: "de" };
    expect(describeFinding(finding, german).message).toMatch(/^60\.000\.000 bytes/);
  });
  test("a finding without texts keeps its message, and hostile JSON is escaped", async () => {
    const finding = await first({ durations: [15.8] });
    const { text: _, ...without } = finding;
    expect(describeFinding(without as Finding, zhCN)).toEqual({
      message: finding.message,
      hint: finding.hint,
    });
    for (const message of [null, 7, { key: 7 }, { key: "constructor" }, { key: "__proto__" }])
      expect(describeFinding({ ...finding, text: { message, hint: null } } as never, zhCN).message).toBe(
        finding.message,
      );
    let deep: object = { key: "whole", values: { limit: "x" } };
    for (let i = 0; i < 20_000; i++) deep = { key: "whole", values: { limit: deep } };
    expect(
      describeFinding({ ...finding, text: { message: deep, hint: null } } as never, en).message.length,
    ).toBeLessThan(200);
    const control = { key: "\u001b[2J", values: {} };
    expect(
      describeFinding(
        {
          ...finding,
          text: { message: { key: "pass", values: { value: control, limit: "\r" } }, hint: null },
        } as never,
        en,
      ).message,
    ).toBe("\\u001b[2J, limit \\u000d");
  });
});

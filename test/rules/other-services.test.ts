import { describe, expect, test } from "vitest";
import type { Format } from "../../src/facts/formats.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import { loadTable } from "../../src/rules/load.ts";
import type { References } from "../../src/rules/sets.ts";
import { evaluateSet } from "../../src/rules/sets.ts";
import { builtInTables } from "../../src/rules/tables.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/* Tables of other services: each limit with a value just inside and one just outside. */

const MB = 1_000_000;
const size = (width: number, height: number): Made => ({ sizes: [[width, height]] });
const seconds = (value: number): Made => ({ durations: [value] });

type Limit = [format: Format, rule: string, inside: Made, outside: Made, verdict?: "fail" | "unsure"];
const limits: Record<string, Limit[]> = {
  "kling-4.0": [
    ["png", "image/size", { bytes: 30 * MB }, { bytes: 31_457_281 }],
    ["png", "image/width", size(300, 400), size(299, 400)],
    ["png", "image/height", size(400, 300), size(400, 299)],
    ["png", "image/aspect-ratio", size(400, 1000), size(399, 1000)],
    ["png", "image/aspect-ratio", size(1000, 400), size(1000, 399)],
    ["mp4", "video/size", { bytes: 300 * MB }, { bytes: 314_572_801 }],
    ["mp4", "video/width", size(700, 1000), size(699, 1000)],
    ["mp4", "video/width", size(4553, 1000), size(4554, 1000)],
    ["mp4", "video/height", size(1000, 700), size(1000, 699)],
    ["mp4", "video/height", size(1000, 4553), size(1000, 4554)],
    ["mp4", "video/duration", seconds(3), seconds(2.99)],
    ["mp4", "video/duration", seconds(30), seconds(30.01)],
  ],
  "kling-omni": [
    ["png", "image/width", size(300, 400), size(299, 400)],
    ["png", "image/height", size(400, 300), size(400, 299)],
    ["png", "image/aspect-ratio", size(400, 1000), size(399, 1000)],
    ["png", "image/aspect-ratio", size(1000, 400), size(1000, 399)],
    ["mp4", "video/width", size(720, 1000), size(719, 1000)],
    ["mp4", "video/width", size(2160, 1000), size(2161, 1000)],
    ["mp4", "video/height", size(1000, 720), size(1000, 719)],
    ["mp4", "video/height", size(1000, 2160), size(1000, 2161)],
    ["mp4", "video/duration", seconds(3), seconds(2.99)],
    ["mp4", "video/duration", seconds(10.05), seconds(10.06)],
  ],
  "minimax-h3": [
    ["png", "image/width", size(256, 400), size(255, 400)],
    ["png", "image/height", size(400, 256), size(400, 255)],
    ["png", "image/aspect-ratio", size(400, 1000), size(399, 1000)],
    ["png", "image/aspect-ratio", size(1000, 400), size(1000, 399)],
    ["mp4", "video/size", { bytes: 50 * MB }, { bytes: 52_428_801 }],
    ["mp4", "video/width", size(256, 400), size(255, 400)],
    ["mp4", "video/width", size(5760, 3000), size(5761, 3000)],
    ["mp4", "video/height", size(400, 256), size(400, 255)],
    ["mp4", "video/height", size(3000, 5760), size(3000, 5761)],
    ["mp4", "video/duration", seconds(2), seconds(1.99)],
    ["mp4", "video/duration", seconds(15), seconds(15.01)],
    ["mp4", "video/frame-rate", { rates: [24_000 / 1001] }, { rates: [23.97] }],
    ["mp4", "video/frame-rate", { rates: [60] }, { rates: [60.01] }],
    ["mp3", "audio/duration", seconds(2), seconds(1.99)],
    ["mp3", "audio/duration", seconds(15), seconds(15.01)],
  ],
  runway: [
    ["png", "image/size", { bytes: 16 * MB }, { bytes: 17 * MB }, "unsure"],
    ["png", "image/size", { bytes: 16 * MB }, { bytes: 209_715_201 }],
    ["mp4", "video/size", { bytes: 32 * MB }, { bytes: 34 * MB }, "unsure"],
    ["mp4", "video/size", { bytes: 32 * MB }, { bytes: 209_715_201 }],
    ["mp3", "audio/size", { bytes: 32 * MB }, { bytes: 34 * MB }, "unsure"],
    ["mp3", "audio/size", { bytes: 32 * MB }, { bytes: 209_715_201 }],
  ],
  "wan-3.0": [
    ["png", "image/size", { bytes: 10 * MB }, { bytes: 10_485_761 }],
    ["png", "image/width", size(360, 400), size(359, 400)],
    ["png", "image/width", size(2000, 400), size(2001, 400)],
    ["png", "image/height", size(400, 360), size(400, 359)],
    ["png", "image/height", size(400, 2000), size(400, 2001)],
  ],
};
const formats: Record<string, [rule: string, accepted: Format[], refused: Format[]][]> = {
  "kling-4.0": [
    ["image/format", ["jpeg", "png"], ["webp", "gif"]],
    ["video/format", ["mp4", "mov"], ["webm"]],
  ],
  "wan-3.0": [["audio/format", ["mp3", "wav"], ["flac"]]],
};
const nine = Array(9).fill(1);
const sets: Record<string, [rule: string, inside: References, outside: References][]> = {
  "kling-4.0": [
    ["set/images-count", { images: 10 }, { images: 11 }],
    ["set/videos-count", { videos: nine.slice(0, 5) }, { videos: nine.slice(0, 6) }],
    ["set/audios-count", { audios: nine.slice(0, 3) }, { audios: nine.slice(0, 4) }],
  ],
  "kling-omni": [
    ["set/images-count", { images: 7 }, { images: 8 }],
    ["set/images-count", { images: 4, videos: [5] }, { images: 5, videos: [5] }],
  ],
  "minimax-h3": [
    ["set/images-count", { images: 9 }, { images: 10 }],
    ["set/videos-count", { videos: [3, 3, 3] }, { videos: [3, 3, 3, 3] }],
    ["set/videos-duration", { videos: [7, 8] }, { videos: [7, 8.1] }],
    ["set/audios-count", { images: 1, audios: [3, 3, 3] }, { images: 1, audios: [3, 3, 3, 3] }],
    ["set/audios-duration", { images: 1, audios: [7, 8] }, { images: 1, audios: [7, 8.1] }],
    ["set/audios-needs-visual", { images: 1, audios: [3] }, { audios: [3] }],
    ["set/total-count", { images: 9, videos: [2, 2, 2] }, { images: 9, videos: [2, 2, 2], audios: [2] }],
  ],
  "wan-3.0": [
    ["set/images-count", { images: 10 }, { images: 11 }],
    ["set/videos-count", { videos: nine.slice(0, 5) }, { videos: nine.slice(0, 6) }],
    ["set/videos-duration", { videos: [7, 8] }, { videos: [7, 8.1] }],
    ["set/audios-count", { audios: nine.slice(0, 5) }, { audios: nine.slice(0, 6) }],
    ["set/audios-duration", { audios: [7, 8] }, { audios: [7, 8.1] }],
  ],
};

describe.each(Object.keys(limits))("%s", (id) => {
  test.each(limits[id] ?? [])(
    "%s %s: inside %j, outside %j",
    async (format, rule, inside, outside, verdict = "fail") => {
      const table = await loadTable(id);
      const verdictOf = (made: Made): string | undefined =>
        evaluate(evidenceOf(format, made), table).results.find((one) => one.rule === rule)?.verdict;
      expect([verdictOf(inside), verdictOf(outside)]).toEqual(["pass", verdict]);
    },
  );
  test.each(formats[id] ?? [])("%s: accepts %j, refuses %j", async (rule, accepted, refused) => {
    const table = await loadTable(id);
    const verdictOf = (format: Format): string | undefined =>
      evaluate(evidenceOf(format), table).results.find((one) => one.rule === rule)?.verdict;
    for (const format of accepted) expect(verdictOf(format), format).toBe("pass");
    for (const format of refused) expect(verdictOf(format), format).toBe("fail");
  });
  test.each(sets[id] ?? [])("%s: inside %j, outside %j", async (rule, inside, outside) => {
    const set = (await loadTable(id)).sets?.["reference-to-video"] ?? {};
    const verdictOf = (references: References): string | undefined =>
      evaluateSet(set, references).find((one) => one.rule === rule)?.verdict;
    expect([verdictOf(inside), verdictOf(outside)]).toEqual(["pass", "fail"]);
  });
  test("every row names its source, date and confidence", async () => {
    const table = await loadTable(id);
    const rows = [
      ...Object.values(table.types).flatMap((rules) => Object.values(rules ?? {})),
      ...Object.values(table.sets ?? {}).flatMap(({ images, videos, audios, total }) => [
        images?.count,
        images?.countWithVideos,
        videos?.count,
        videos?.duration,
        audios?.count,
        audios?.duration,
        total?.count,
      ]),
    ].filter((row) => row !== undefined);
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows)
      expect(row).toMatchObject({
        source: expect.stringMatching(/\w/),
        checked: "2026-11-29",
        confidence: expect.stringMatching(/^(low|medium|medium-high|high)$/),
      });
  });
});

test("tables state whether their numbers come from the service itself", async () => {
  const provenance: Record<string, string> = {};
  for (const [id, load] of Object.entries(builtInTables))
    provenance[id] = (await load()).provenance ?? "first-party";
  expect(provenance).toEqual({
    "atlas-seedance-2.0": "first-party",
    "atlas-seedance-2.5": "first-party",
    "kling-4.0": "mirror",
    "kling-omni": "mirror",
    "minimax-h3": "mirror",
    runway: "first-party",
    "wan-3.0": "mirror",
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MediaDetails } from "../../src/engines/media-details.ts";
import { type Facts, noFacts } from "../../src/facts/facts.ts";
import type { Kind } from "../../src/facts/formats.ts";
import { reasonText } from "../../src/fix/messages.ts";
import { targetEvidence } from "../../src/fix/plan/target.ts";
import type { FixChoices } from "../../src/fix/plan/types.ts";
import { planFix } from "../../src/fix/plan.ts";
import { buildReport } from "../../src/report/build.ts";
import type { Report } from "../../src/report/report.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import type { Table, TypeRules } from "../../src/rules/schema.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { validateTable } from "../../src/rules/validate.ts";
import { propertyRuns } from "../property-runs.ts";
import { evidenceOf, type Made } from "../rules/evidence.ts";

/* For any facts and any valid table: the target passes by the strictest reading, or the plan says why there is none. */

const bounds = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most })).chain(([a, b]) =>
    fc.constantFrom<object>(
      { min: Math.min(a, b), max: Math.max(a, b) + 1 },
      { max: Math.max(a, b) },
      { min: Math.min(a, b) },
      { above: Math.min(a, b), below: Math.max(a, b) + 4 },
      {
        min: Math.min(a, b),
        max: Math.max(a, b) + 8,
        readings: [{ above: Math.min(a, b), below: Math.max(a, b) + 8 }],
      },
    ),
  );
const row = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const ratio = fc.constantFrom<object>(
  { min: 0.4, max: 2.5 },
  { above: 0.5, below: 2 },
  { ratios: ["16:9", "9:16", "1:1"], tolerance: 0.01 },
  { ratios: ["4:3"], tolerance: 0 },
  { equals: 1 },
  { max: 1 },
);
const sides = fc.oneof(
  bounds(100, 4000),
  fc.constantFrom<object>(
    { multipleOf: 16 },
    { in: [720, 1280, 1920] },
    { equals: 1080 },
    { multipleOf: 2, max: 1920 },
  ),
);

const videoRules = fc.record({
  format: row(
    fc.constantFrom<object>({ in: ["mp4", "mov"] }, { in: ["mov"] }, { notIn: ["mp4"] }, { in: ["webm"] }),
  ),
  size: row(fc.constantFrom<object>({ max: 50, unit: "MB" }, { below: 1, unit: "MiB" }, { max: 20_000 })),
  width: row(sides),
  height: row(sides),
  aspectRatio: row(ratio),
  pixels: row(bounds(50_000, 3_000_000)),
  duration: row(
    fc.oneof(bounds(1, 30), fc.constantFrom<object>({ in: [5, 10] }, { equals: 8 }, { multipleOf: 1 })),
  ),
  frameRate: row(fc.oneof(bounds(10, 120), fc.constantFrom<object>({ in: [24, 30] }, { equals: 25 }))),
  frameRateMode: row(fc.constantFrom<object>({ equals: "constant" }, { equals: "variable" })),
  videoCodec: row(
    fc.constantFrom<object>({ in: ["h264"] }, { in: ["hevc"] }, { in: ["av1"] }, { notIn: ["h264"] }),
  ),
  audioCodec: row(
    fc.constantFrom<object>({ in: ["aac"] }, { in: ["opus"] }, { forbidden: true }, { required: true }),
  ),
  sampleRate: row(fc.constantFrom<object>({ max: 48_000 }, { in: [44_100] }, { equals: 7 })),
  channels: row(fc.constantFrom<object>({ max: 2 }, { equals: 1 })),
  bitRate: row(fc.constantFrom<object>({ max: 5_000_000 }, { min: 1_000_000 })),
  rotation: row(fc.constant({ equals: 0 })),
  pixelAspectRatio: row(fc.constant({ equals: 1 })),
  frames: row(fc.constantFrom<object>({ max: 300 }, { min: 10 })),
});
/** Rows about how picture and sound are coded, and how the container is written. */
const codingRules = fc.record({
  chroma: row(fc.constantFrom<object>({ in: ["4:2:0"] }, { equals: "4:2:2" })),
  bitDepth: row(fc.constantFrom<object>({ max: 8 }, { equals: 10 })),
  interlaced: row(fc.boolean().map((equals) => ({ equals }))),
  audioProfile: row(fc.constantFrom<object>({ in: ["LC"] }, { equals: "HE-AAC" })),
  fastStart: row(fc.boolean().map((equals) => ({ equals }))),
  editList: row(fc.boolean().map((equals) => ({ equals }))),
  audioCodec: row(fc.constantFrom<object>({ in: ["aac"] }, { in: ["mp3"] })),
});
const imageRules = fc.record({
  format: row(fc.constantFrom<object>({ in: ["jpeg", "png"] }, { in: ["webp"] }, { in: ["heic"] })),
  size: row(fc.constantFrom<object>({ below: 30, unit: "MB" }, { max: 100_000 })),
  width: row(sides),
  height: row(sides),
  aspectRatio: row(ratio),
  pixels: row(bounds(50_000, 3_000_000)),
  frames: row(fc.constant({ max: 1 })),
});
const audioRules = fc.record({
  format: row(fc.constantFrom<object>({ in: ["wav", "mp3"] }, { in: ["wav"] }, { in: ["flac"] })),
  size: row(fc.constantFrom<object>({ max: 15, unit: "MB" }, { max: 100_000 })),
  duration: row(bounds(1, 30)),
  sampleRate: row(fc.constantFrom<object>({ max: 48_000 }, { in: [44_100, 48_000] }, { equals: 7 })),
  channels: row(fc.constantFrom<object>({ max: 2 }, { equals: 1 })),
  audioCodec: row(fc.constantFrom<object>({ in: ["mp3"] }, { in: ["pcm"] })),
});

const tableFor = (type: Kind, rules: object): Table =>
  validateTable({
    ...{ id: "made", title: "Made", source: "a test", checked: "2026-11-29" },
    types: { [type]: JSON.parse(JSON.stringify(rules)) as TypeRules },
  });

const files = {
  coding: { type: "video", formats: fc.constantFrom("mp4", "mov"), rules: codingRules },
  video: {
    type: "video",
    formats: fc.constantFrom("mp4", "mov", "3gp", "isobmff"),
    rules: videoRules,
  },
  image: {
    type: "image",
    formats: fc.constantFrom("jpeg", "png", "webp", "gif", "tiff", "bmp"),
    rules: imageRules,
  },
  audio: { type: "audio", formats: fc.constantFrom("wav", "mp3", "m4a"), rules: audioRules },
} as const;

/** Facts about how a video is coded. */
interface Coded {
  coding?: Partial<Facts>;
}

const made: fc.Arbitrary<Made & Coded> = fc.record({
  bytes: fc.integer({ min: 1000, max: 200_000_000 }),
  sizes: fc.array(fc.tuple(fc.integer({ min: 2, max: 9000 }), fc.integer({ min: 2, max: 9000 })), {
    minLength: 1,
    maxLength: 2,
  }),
  durations: fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1, maxLength: 2 }),
  rates: fc.array(fc.double({ min: 1, max: 240, noNaN: true }), { minLength: 1, maxLength: 2 }),
  videoCodec: fc.constantFrom("h264", "hevc", "av1", "prores"),
  audioCodec: fc.constantFrom("aac", "opus", "pcm", null),
  coding: fc.record({
    chroma: fc.constantFrom("4:2:0", "4:2:2", null),
    bitDepth: fc.constantFrom(8, 10, null),
    interlaced: fc.constantFrom(true, false, null),
    audioProfile: fc.constantFrom("LC", "HE-AAC", null),
    fastStart: fc.constantFrom(true, false, null),
    editList: fc.constantFrom(true, false, null),
  }),
});
const choices: fc.Arbitrary<FixChoices> = fc.record(
  {
    fit: fc.constantFrom("pad", "crop"),
    trim: fc.double({ min: 0, max: 20, noNaN: true }),
    compatible: fc.boolean(),
    firstFrame: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** A report as `preflight` makes it, over made-up evidence. */
async function reportOn(format: string, facts: Made & Coded, table: Table, type: Kind): Promise<Report> {
  const evidence = evidenceOf(
    format as never,
    type === "image"
      ? { bytes: facts.bytes ?? 1, sizes: facts.sizes ?? [] }
      : type === "audio"
        ? { ...facts, sizes: [], rates: [], videoCodec: null }
        : facts,
  );
  if (evidence.facts.audioCodec) Object.assign(evidence.facts, { sampleRate: 96_000, channels: 6 });
  if (type === "audio") evidence.facts.audioCodec ??= "pcm";
  if (type === "video") Object.assign(evidence.facts, facts.coding);
  const evaluation = evaluate(evidence, table, { type });
  return buildReport(evaluation, table, {
    file: "a file",
    limits: "documented",
    findings: "blocking",
    acceptUnsure: false,
  });
}

describe.each(["video", "coding", "image", "audio"] as const)("a plan for any %s", (subject) => {
  const { type } = files[subject];
  test("has a target that passes strictly, or says why not", async () => {
    const seen = { fits: 0, fix: 0, cannot: 0 };
    await fc.assert(
      fc.asyncProperty(
        files[subject].formats,
        made,
        files[subject].rules,
        choices,
        async (format, facts, rules, chosen) => {
          const table = tableFor(type, rules);
          const report = await reportOn(format, facts, table, type);
          const plan = planFix(report, chosen);
          seen[plan.outcome]++;
          if (plan.outcome === "cannot") {
            expect(plan.reason?.code).toEqual(expect.any(String));
            expect(plan.job).toBeNull();
            if (plan.reason?.code === "rules") expect(plan.reason.detail).toMatch(/\S/);
          } else if (plan.outcome === "fix") {
            expect(plan.steps.length).toBeGreaterThan(0);
            expect(plan.job).not.toBeNull();
            if (!plan.target) throw new Error("a plan without a target");
            const strict = evaluate(targetEvidence({ ...plan.target }), table, { type, strict: true });
            expect(strict.results.filter((r) => r.verdict === "fail" || r.verdict === "unsure")).toEqual([]);
          } else expect(report.verdict).toBe("pass");
        },
      ),
      propertyRuns({ short: 200, long: 1000 }),
    );
    // A planner that never plans anything would satisfy the property. The counts do not depend on chance: 1,000 runs, or
    // a fixed seed.
    expect(seen.fix).toBeGreaterThan(8);
    expect(seen.cannot).toBeGreaterThan(5);
  });

  test("exists by the default table for whatever is long enough", async () => {
    await fc.assert(
      fc.asyncProperty(files[subject].formats, made, async (format, facts) => {
        const long = { ...facts, durations: [(facts.durations?.[0] ?? 0) + 2] };
        const report = await reportOn(format, long, defaultTable, type);
        const plan = planFix(report);
        if (plan.outcome === "cannot")
          expect([plan.reason?.code, report.facts.width, report.facts.height]).toEqual(["never", 0, 0]);
      }),
      propertyRuns({ short: 40, long: 80 }),
    );
  });
});

const details: MediaDetails = {
  videos: [
    {
      ...{
        track: 0,
        codec: "vp9",
        width: 1920,
        height: 1080,
        pixelAspectRatio: 1,
        rotation: 0,
        duration: 20,
        bitDepth: 8,
      },
      ...{
        transfer: "sdr",
        rgb: false,
        alpha: false,
        interlaced: false,
        cover: false,
        nominalFrameRate: null,
      },
      frameRate: { num: 30, den: 1 },
      color: { matrix: null, primaries: null, transfer: null, fullRange: false },
    },
  ],
  audios: [0, 1].map((track) => ({
    track,
    codec: "opus",
    channels: 2,
    sampleRate: 48_000,
    bitDepth: null,
    duration: 20,
  })),
  others: [
    { kind: "subtitle", track: 0, codec: "subrip" },
    { kind: "attachment", track: 0, codec: "ttf" },
  ],
  ...{ chapters: 3, duration: 20, location: false, pages: 1 },
};

describe("a format that only an engine reads", async () => {
  const report: Report = {
    ...(await reportOn("mp4", {}, defaultTable, "video")),
    facts: { ...noFacts, format: "webm", bytes: 1_000_000 },
    findings: [
      {
        rule: "video/format",
        verdict: "fail",
        reason: "limit",
        actual: "webm",
        limit: null,
        unit: null,
        message: "x",
        hint: null,
        readings: [],
      } as never,
    ],
  };
  test("needs the engine's word first", () => {
    expect(planFix({ ...report }, {}, { rules: defaultTable }).reason?.code).toBe("needs-probe");
  });
  test("is planned from it; every track is kept or named", () => {
    const plan = planFix(report, {}, { rules: defaultTable, details });
    expect(plan).toMatchObject({
      outcome: "fix",
      target: { format: "mp4", width: 1280, height: 720, duration: 14.9 },
    });
    expect(plan.job?.kind === "video" && plan.job.audio.map(({ track }) => track)).toEqual([0, 1]);
    expect(plan.losses.map(({ kind }) => kind).sort()).toEqual(["chapters", "extra-tracks", "subtitles"]);
    expect(plan.command).toContain("ffmpeg -i 'a file'");
  });
  test("says where the end is if the part to keep would start after it", () => {
    const { reason } = planFix(report, { trim: 30 }, { rules: defaultTable, details });
    expect(reason).toEqual({ code: "after-end", detail: "30 ≥ 20" });
    expect(reason && reasonText(reason)).toBe("the part to keep would start after the end (30 ≥ 20 s)");
  });
  test("names the output formats that are possible", () => {
    const { reason } = planFix(report, { to: "avi" }, { rules: defaultTable, details });
    expect(reason).toEqual({ code: "no-format", detail: "mp4, mov" });
    expect(reason && reasonText(reason)).toBe("the chosen output format is not possible; possible: mp4, mov");
  });
  test("keeps alpha, or says what to decide", () => {
    const [video] = details.videos;
    const clear = { ...details, videos: video ? [{ ...video, alpha: true }] : [] };
    expect(planFix(report, {}, { rules: defaultTable, details: clear }).reason?.code).toBe("alpha");
    const filled = planFix(report, { background: "#ffffff" }, { rules: defaultTable, details: clear });
    expect(filled.losses.map(({ kind }) => kind)).toContain("alpha");
  });
  test("converts HDR to SDR only on request", () => {
    const [video] = details.videos;
    const hdr = { ...details, videos: video ? [{ ...video, bitDepth: 10, transfer: "pq" as const }] : [] };
    const encodeOf = (chosen: FixChoices) => {
      const { job } = planFix(report, chosen, { rules: defaultTable, details: hdr });
      return job?.kind === "video" ? job.video.encode : null;
    };
    expect(encodeOf({})).toMatchObject({ codec: "hevc", bitDepth: 10, toSdr: false });
    expect(encodeOf({ compatible: true })).toMatchObject({ codec: "h264", bitDepth: 8, toSdr: true });
  });
});

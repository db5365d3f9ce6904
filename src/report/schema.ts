import * as v from "valibot";
import type { noFacts } from "../facts/facts.ts";
import type { Report } from "./report.ts";

/* The schema of the JSON report: the source of rules/report.schema.json. Checks do not load this file. */

const nullable = <S extends v.GenericSchema>(schema: S) => v.nullable(schema);
const kind = v.picklist(["image", "video", "audio"]);
const amount = nullable(v.pipe(v.number(), v.minValue(0)));
const word = nullable(v.string());

const facts = v.object({
  format: word,
  mime: word,
  bytes: amount,
  width: amount,
  height: amount,
  codedWidth: amount,
  codedHeight: amount,
  rotation: nullable(v.picklist([0, 90, 180, 270])),
  pixelAspectRatio: amount,
  aspectRatio: amount,
  pixels: amount,
  resolution: word,
  duration: amount,
  frameRate: amount,
  frameRateMode: nullable(v.picklist(["constant", "variable"])),
  videoCodec: word,
  audioCodec: word,
  sampleRate: amount,
  channels: amount,
  chroma: word,
  bitDepth: amount,
  interlaced: nullable(v.boolean()),
  audioProfile: word,
  fastStart: nullable(v.boolean()),
  editList: nullable(v.boolean()),
  frames: amount,
  encrypted: nullable(v.boolean()),
  truncated: nullable(v.boolean()),
} satisfies Record<keyof typeof noFacts, v.GenericSchema>);

/** A message's key and the values of its placeholders: numbers, strings, texts, or lists of these. */
const text = v.object({ key: v.string(), values: v.optional(v.record(v.string(), v.unknown())) });

const finding = v.object({
  rule: v.pipe(v.string(), v.regex(/^(image|video|audio|file|url|set)\/[a-z-]+$/)),
  verdict: v.picklist(["pass", "unsure", "fail", "note"]),
  reason: v.optional(v.picklist(["limit", "reading", "unread", "damaged"])),
  actual: nullable(v.union([v.number(), v.string()])),
  limit: nullable(v.record(v.string(), v.unknown())),
  unit: word,
  message: v.pipe(v.string(), v.nonEmpty()),
  hint: word,
  readings: v.array(v.object({ value: nullable(v.union([v.number(), v.string()])), from: v.string() })),
  text: v.object({ message: text, hint: nullable(text) }),
  accepted: v.optional(
    v.object({ by: v.picklist(["config", "baseline", "option"]), reason: word, until: word }),
  ),
});

/** A step or loss of a fix plan: its kind, its own numbers, and a message for people. */
const planned = v.looseObject({ kind: v.string(), message: v.string() });

/** Only in `check`'s JSON, of a file that did not pass: a plan that makes it pass, from the headers alone. */
const suggestion = v.object({
  steps: v.array(planned),
  losses: v.array(planned),
  lossless: v.boolean(),
  command: word,
});

const report = v.object({
  schemaVersion: v.literal(1),
  file: word,
  verdict: v.picklist(["pass", "unsure", "fail"]),
  ok: v.boolean(),
  type: nullable(kind),
  rules: v.string(),
  limits: v.picklist(["documented", "observed"]),
  facts,
  findings: v.array(finding),
  fix: v.optional(suggestion),
});

const unchecked = v.object({
  schemaVersion: v.literal(1),
  file: word,
  verdict: v.null(),
  error: v.object({ code: v.string(), message: v.string(), hint: word }),
});

/** A report, or an entry for a file that could not be checked. */
export const reportSchema = v.union([report, unchecked]);

/** Parts that the JSON Schema defines by name. */
export const reportDefinitions = { report, unchecked, facts, finding };

// This line fails to compile if the schema and the interface differ.
type SchemaReport = v.InferOutput<typeof report>;
type _Fits = SchemaReport extends { [K in keyof Report]: unknown } ? true : never;

import * as v from "valibot";

/*
 * Inputs and structured results of the tools. Results are described as far as an agent reads them; they may have more
 * keys, which rules/report.schema.json describes.
 */

const text = (description: string) => v.pipe(v.string(), v.description(description));
const words = v.nullable(v.string());
const type = v.optional(
  v.pipe(v.picklist(["image", "video", "audio"]), v.description("what the file is for; default: detected")),
);
const rules = v.optional(
  text("rule table: an id such as atlas-seedance-2.0 (default), or a JSON file in an allowed folder"),
);
const path = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(4096),
  v.description("a file, absolute or relative to the server's folder"),
);
const url = v.pipe(v.string(), v.maxLength(8192), v.description("a public http(s) URL of the file itself"));
/** Files and URLs of one call at most; files in folders count. */
export const maxFiles = 200;

const finding = v.looseObject({
  rule: text("rule id, which the tool explain takes"),
  verdict: v.picklist(["pass", "note", "unsure", "fail"]),
  message: v.string(),
  hint: words,
});
const report = v.looseObject({
  file: words,
  verdict: v.picklist(["pass", "unsure", "fail"]),
  ok: v.pipe(v.boolean(), v.description("whether register_asset would send it")),
  type: words,
  rules: v.string(),
  facts: v.looseObject({}),
  findings: v.array(finding),
});
const step = v.looseObject({ kind: v.string(), message: v.string() });
const color = v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/), v.description("#rrggbb"));

const choices = v.strictObject({
  fit: v.optional(
    v.pipe(v.picklist(["pad", "crop"]), v.description("where the aspect ratio is wrong; default pad")),
  ),
  padColor: v.optional(color),
  trim: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0),
      v.maxValue(1e6),
      v.description("start of the kept part in seconds; default 0"),
    ),
  ),
  to: v.optional(text("output format, such as png or mp3; default: the one that loses least")),
  background: v.optional(color),
  firstFrame: v.optional(v.pipe(v.boolean(), v.description("keep only the first frame of an animation"))),
  compatible: v.optional(v.pipe(v.boolean(), v.description("also make H.264, 8-bit SDR and AAC"))),
});

export const checkMedia = {
  input: v.strictObject({
    paths: v.optional(v.pipe(v.array(path), v.maxLength(maxFiles), v.description("files, and folders"))),
    urls: v.optional(v.pipe(v.array(url), v.maxLength(maxFiles))),
    type,
    rules,
  }),
  output: v.strictObject({ reports: v.array(report) }),
};

export const fixMedia = {
  input: v.strictObject({
    path,
    choices: v.optional(choices),
    apply: v.optional(
      v.pipe(
        v.boolean(),
        v.description("false (default): only plan; true: write the copy beside the original"),
      ),
    ),
    type,
    rules,
  }),
  output: v.strictObject({
    plan: v.looseObject({
      steps: v.array(step),
      losses: v.array(step),
      lossless: v.boolean(),
    }),
    output: v.pipe(words, v.description("path of the copy, if one was written")),
    report: v.pipe(report, v.description("of the copy if there is one, otherwise of the original")),
    reason: v.nullable(v.looseObject({ code: v.string(), message: v.string() })),
  }),
};

export const registerAsset = {
  input: v.strictObject({
    path: v.optional(path),
    url: v.optional(url),
    type,
    assetName: v.optional(
      v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.description("default: made from the file")),
    ),
  }),
  output: v.strictObject({
    uri: v.pipe(words, v.description("asset://…, or null as long as the service has given none")),
    id: text("the record's id, which asset_status takes"),
    status: v.picklist(["processing", "active", "failed"]),
    reused: v.pipe(v.boolean(), v.description("it was registered already; nothing was sent")),
  }),
};

export const assetStatus = {
  input: v.strictObject({ id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)) }),
  output: v.strictObject({
    uri: words,
    status: v.picklist(["processing", "active", "failed"]),
    error: v.nullable(v.strictObject({ code: words, message: words, rule: words })),
  }),
};

export const explainCode = {
  input: v.strictObject({
    code: v.pipe(
      v.string(),
      v.nonEmpty(),
      v.maxLength(128),
      v.description("a rule id, an error code, a code of the service or an HTTP status"),
    ),
  }),
  output: v.strictObject({ meaning: v.string(), cause: v.string(), cure: v.string() }),
};

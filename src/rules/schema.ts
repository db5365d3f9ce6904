import * as v from "valibot";
import type { Limit } from "./limit.ts";
import type { Property, Unit } from "./properties.ts";

/*
 * The schema of a rule table: the source of the types, the validation (validate.ts) and rules/schema.json.
 * Checks with built-in tables do not import this file at run time: valibot is loaded only for a user's table.
 */

const number = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const words = v.pipe(v.array(text), v.minLength(1));
const numberList = v.pipe(v.array(number), v.minLength(1));
const date = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/));
const ratio = v.pipe(v.string(), v.regex(/^[1-9]\d*:[1-9]\d*$/));
const confidence = v.picklist(["low", "medium", "medium-high", "high"]);
/** The source of a row, if it differs from its table's; `confidence` states how reliable the source is. */
const provenance = {
  source: v.optional(text),
  checked: v.optional(date),
  confidence: v.optional(confidence),
};
const seen = { confidence, source: text, checked: date };
/** Another document of the service that states a looser limit. It appears in messages and never changes a verdict. */
const alsoDocumented = { by: v.picklist(["generation-api"]), source: text, checked: date };

const interval = {
  min: v.optional(number),
  max: v.optional(number),
  above: v.optional(number),
  below: v.optional(number),
};
const numeric = {
  ...interval,
  in: v.optional(numberList),
  notIn: v.optional(numberList),
  equals: v.optional(number),
  multipleOf: v.optional(number),
  ratios: v.optional(v.pipe(v.array(ratio), v.minLength(1))),
  tolerance: v.optional(number),
};
const textual = { in: v.optional(words), notIn: v.optional(words), equals: v.optional(text) };

const unit = <const U extends readonly [Unit, ...Unit[]]>(...units: U) => ({
  unit: v.optional(v.picklist(units)),
});

/** Parts that rules/schema.json defines once and refers to. */
export const definitions: Record<string, v.GenericSchema> = {};

/** When a row applies: a limit on each fact that it depends on. */
export type When = Partial<Record<Property, RowCondition>>;
/** A limit on another fact, or a test for its presence: `{ "videoCodec": { "in": ["hevc"] } }`. */
export type RowCondition = Limit & {
  unit?: Unit | undefined;
  required?: true | undefined;
  forbidden?: true | undefined;
};

const presence = { required: v.optional(v.literal(true)), forbidden: v.optional(v.literal(true)) };
/** The condition schemas by row name. Rows refer to them lazily, since not all are defined yet. */
const conditions: Partial<Record<string, v.GenericSchema>> = {};
const when = v.optional(v.lazy((): v.GenericSchema<When> => whenSchema));

const row = <const B extends v.ObjectEntries>(name: string, limits: B) => {
  const reading = v.strictObject(limits);
  conditions[name] = v.strictObject({ ...limits, ...presence });
  const observed = v.strictObject({ ...limits, ...seen });
  const documented = v.strictObject({ ...limits, ...alsoDocumented });
  const whole = v.strictObject({
    ...limits,
    ...presence,
    when,
    severity: v.optional(v.literal("note")),
    readings: v.optional(v.pipe(v.array(reading), v.minLength(1))),
    observed: v.optional(v.union([observed, v.pipe(v.array(observed), v.minLength(1))])),
    alsoDocumented: v.optional(documented),
    ...provenance,
  });
  Object.assign(definitions, {
    [name]: whole,
    [`${name}Reading`]: reading,
    [`${name}Observed`]: observed,
    [`${name}AlsoDocumented`]: documented,
  });
  return whole;
};

const textRow = row("text", textual);
const numberRow = row("number", numeric);
const pixelRow = row("pixel", { ...numeric, ...unit("px") });
const sizeRow = row("size", { ...numeric, ...unit("B", "MB", "MiB") });
const secondsRow = row("seconds", { ...numeric, ...unit("s") });
const rateRow = row("rate", { ...numeric, ...unit("fps") });
const hertzRow = row("hertz", { ...numeric, ...unit("Hz") });
const bitRateRow = row("bitRate", { ...numeric, ...unit("bit/s") });
const booleanRow = row("boolean", { equals: v.optional(v.boolean()) });
const size = v.pipe(v.tuple([number, number]), v.readonly());
const tierRow = row("tier", { ...textual, tiers: v.optional(v.record(text, v.array(size))) });

const typeRules = v.strictObject({
  format: v.optional(textRow),
  size: v.optional(sizeRow),
  width: v.optional(pixelRow),
  height: v.optional(pixelRow),
  aspectRatio: v.optional(numberRow),
  pixels: v.optional(pixelRow),
  resolution: v.optional(tierRow),
  duration: v.optional(secondsRow),
  frameRate: v.optional(rateRow),
  frameRateMode: v.optional(textRow),
  videoCodec: v.optional(textRow),
  audioCodec: v.optional(textRow),
  sampleRate: v.optional(hertzRow),
  channels: v.optional(numberRow),
  chroma: v.optional(textRow),
  bitDepth: v.optional(numberRow),
  interlaced: v.optional(booleanRow),
  audioProfile: v.optional(textRow),
  fastStart: v.optional(booleanRow),
  editList: v.optional(booleanRow),
  bitRate: v.optional(bitRateRow),
  frames: v.optional(numberRow),
  rotation: v.optional(numberRow),
  pixelAspectRatio: v.optional(numberRow),
  encrypted: v.optional(booleanRow),
  truncated: v.optional(booleanRow),
});

const rowNames = new Map<v.GenericSchema, string>([
  [textRow, "text"],
  [numberRow, "number"],
  [pixelRow, "pixel"],
  [sizeRow, "size"],
  [secondsRow, "seconds"],
  [rateRow, "rate"],
  [hertzRow, "hertz"],
  [bitRateRow, "bitRate"],
  [booleanRow, "boolean"],
  [tierRow, "text"],
]);
const whenSchema = v.pipe(
  v.strictObject(
    Object.fromEntries(
      Object.entries(typeRules.entries).map(([property, { wrapped }]) => [
        property,
        v.optional(conditions[rowNames.get(wrapped) ?? ""] as v.GenericSchema<RowCondition>),
      ]),
    ),
  ),
  v.check((facts) => Object.keys(facts).length > 0, "it must name at least one fact"),
) as unknown as v.GenericSchema<When>;

const bounds = v.strictObject(interval);
const secondsOfSet = v.strictObject({
  each: v.optional(bounds),
  sum: v.optional(bounds),
  unit: v.optional(v.literal("s")),
  observed: v.optional(v.strictObject({ each: v.optional(bounds), sum: v.optional(bounds), ...seen })),
  ...provenance,
});
const seconds = v.optional(secondsOfSet);
const tally = v.optional(v.strictObject({ ...interval, ...provenance }));

const set = v.strictObject({
  images: v.optional(v.strictObject({ count: tally, countWithVideos: tally })),
  videos: v.optional(v.strictObject({ count: tally, duration: seconds })),
  audios: v.optional(
    v.strictObject({ count: tally, duration: seconds, needs: v.optional(v.literal("visual")) }),
  ),
  /** All kinds together. */
  total: v.optional(v.strictObject({ count: tally })),
  frames: v.optional(v.strictObject({ excludes: v.literal("references") })),
  ...provenance,
});

const most = v.optional(v.strictObject({ max: v.pipe(number, v.integer()) }));
/** What the service requires of a URL that it fetches, beyond a plain GET. */
const transport = v.strictObject({
  /** https only. */
  https: v.optional(v.literal(true)),
  /** HEAD is answered as GET is. */
  head: v.optional(v.literal(true)),
  /** Redirects that are followed; { "max": 0 }: none. */
  redirects: most,
  /** Characters of the URL. */
  urlLength: most,
  ...provenance,
});

/** A complete rule table. Unknown keys are errors. */
export const tableSchema = v.strictObject({
  $schema: v.optional(v.string()),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]*$/)),
  title: text,
  source: text,
  checked: date,
  /** Whether the numbers come from the service itself or from a mirror of its documentation. Default "first-party". */
  provenance: v.optional(v.picklist(["first-party", "mirror"])),
  /** Limits of the service that this package cannot check. */
  unchecked: v.optional(v.array(text)),
  transport: v.optional(transport),
  types: v.strictObject({
    image: v.optional(typeRules),
    video: v.optional(typeRules),
    audio: v.optional(typeRules),
  }),
  sets: v.optional(v.record(text, set)),
});

/** A service's limits as data. */
export type Table = v.InferOutput<typeof tableSchema>;
/** The limits of one kind of file. */
export type TypeRules = v.InferOutput<typeof typeRules>;
/** The limits of the references of one generation request. */
export type SetRules = v.InferOutput<typeof set>;
/** What a service requires of URLs. */
export type TransportRules = v.InferOutput<typeof transport>;
/** How reliable an observed limit is. */
export type Confidence = v.InferOutput<typeof confidence>;

Object.assign(definitions, { typeRules, when: whenSchema, secondsOfSet, bounds, setRules: set, transport });

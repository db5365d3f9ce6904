import * as v from "valibot";
import type { Limit } from "./limit.ts";
import type { Property, Unit } from "./properties.ts";

/*
 * The form of a rule table. The types, the validation (validate.ts) and rules/schema.json all come from here.
 * Nothing on the way of a check imports this file at run time: valibot is loaded for a user's own table only.
 */

const number = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const words = v.pipe(v.array(text), v.minLength(1));
const numberList = v.pipe(v.array(number), v.minLength(1));
const date = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/));
const ratio = v.pipe(v.string(), v.regex(/^[1-9]\d*:[1-9]\d*$/));
const confidence = v.picklist(["low", "medium", "medium-high", "high"]);
/** Where a row is from, where that differs from its table; `confidence` is how far the source can be trusted. */
const provenance = {
  source: v.optional(text),
  checked: v.optional(date),
  confidence: v.optional(confidence),
};
const seen = { confidence, source: text, checked: date };
/** Another document of the service that states a looser limit. Information for messages: it never decides a verdict. */
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

/** Parts that rules/schema.json names instead of repeating them. */
export const definitions: Record<string, v.GenericSchema> = {};

/** When a row applies: a limit for each fact that it depends on. */
export type When = Partial<Record<Property, RowCondition>>;
/** A limit on another fact, or whether there is one: `{ "videoCodec": { "in": ["hevc"] } }`. */
export type RowCondition = Limit & {
  unit?: Unit | undefined;
  required?: true | undefined;
  forbidden?: true | undefined;
};

const presence = { required: v.optional(v.literal(true)), forbidden: v.optional(v.literal(true)) };
/** The conditions on each property; a row refers to them before all rows are defined. */
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
  v.check((facts) => Object.keys(facts).length > 0, "it names no fact"),
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

/** A whole rule table; strict: an unknown key is a mistake. */
export const tableSchema = v.strictObject({
  $schema: v.optional(v.string()),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]*$/)),
  title: text,
  source: text,
  checked: date,
  /** Whether the numbers are the service's own, or those of a mirror of its documentation. Default "first-party". */
  provenance: v.optional(v.picklist(["first-party", "mirror"])),
  /** What the service limits and this package cannot check. */
  unchecked: v.optional(v.array(text)),
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
/** How far an observed limit can be trusted. */
export type Confidence = v.InferOutput<typeof confidence>;

Object.assign(definitions, { typeRules, when: whenSchema, secondsOfSet, bounds, setRules: set });

import { MediaPreflightError } from "../errors.ts";
import { bucketOperations } from "./bucket/operations/operation.ts";

interface ToggleRow {
  type: "boolean" | "number" | "string" | "rate" | "list";
  default: boolean | number | string | readonly string[];
  /** One line for --help: its purpose and unit. */
  about: string;
  choices?: readonly string[];
}

/** The operations; faults can be limited to some of these. */
export const operations = [
  "upload",
  "register",
  "get",
  "list",
  "rename",
  "trash",
  "restore",
  "generate",
  "prediction",
  "history",
] as const;
/** One of `operations`. */
export type Operation = (typeof operations)[number];

const rate = (about: string) => ({ type: "rate", default: 0, about }) as const;
const flag = (about: string) => ({ type: "boolean", default: false, about }) as const;

/**
 * Every toggle, once: options, command-line flags (in kebab-case) and help come from here.
 * A `rate` is a whole number, the first n requests; or a fraction, the chance of each request; or Infinity.
 */
export const emulatorToggles = {
  processingMs: {
    type: "number",
    default: 300,
    about: "milliseconds an asset or a prediction is Processing",
  },
  maxUploadBytes: {
    type: "number",
    default: 52_428_800,
    about: "body cap of uploadMedia, in bytes; 413 over it",
  },
  tooLarge: flag("every upload is answered with 413"),
  lowerCaseStatus: flag("status in lower case: processing, active, failed"),
  flatCreate: flag("registering answers without the envelope"),
  listKey: {
    type: "string",
    default: "items",
    choices: ["items", "list"],
    about: "where a list holds its assets",
  },
  itemsNull: flag("an empty list is null, not []"),
  bareAssets: flag("assets carry neither name nor url"),
  onlyId: flag("assets carry only the numeric id"),
  emptyDelete: flag("trashing answers 204 without a body"),
  uploadAnswer: {
    type: "string",
    default: "download_url",
    choices: ["download_url", "url", "file_name", "flat"],
    about: "shape of uploadMedia's answer: each has been observed",
  },
  signedUrls: flag("upload addresses carry a signature in their query string"),
  errorsAs200: flag("errors come as HTTP 200 with the code in the envelope"),
  numericErrorCodes: flag("a Failed asset's error_code is a number"),
  failWith: { type: "string", default: "", about: "every asset fails with this upstream code" },
  policyFailure: flag("every asset fails moderation"),
  policyMarker: {
    type: "string",
    default: "policy-violation",
    about: "an asset whose name or address contains this fails moderation",
  },
  stuckProcessing: flag("assets and predictions never leave Processing"),
  predictionLagMs: {
    type: "number",
    default: 0,
    about: "milliseconds for which a new prediction is unknown",
  },
  predictionLagStatus: {
    type: "string",
    default: "404",
    choices: ["404", "400"],
    about: "status that a prediction answers while it is unknown",
  },
  predictionFailure: flag("every prediction fails"),
  predictionFailureStatus: {
    type: "string",
    default: "200",
    choices: ["200", "500"],
    about: "status with which a failed prediction is answered",
  },
  predictionErrorCode: {
    type: "number",
    default: 1039,
    about: "error_code of a failed prediction; 1039 is moderation",
  },
  outputShape: {
    type: "string",
    default: "outputs",
    choices: ["outputs", "output", "objects", "none"],
    about: "where a prediction has its results; none: it succeeds without any",
  },
  submitId: {
    type: "string",
    default: "id",
    choices: ["id", "prediction_id", "request_id", "data"],
    about: "where the answer to a generation has its id",
  },
  urlReferences: flag("reference videos and audios may be public URLs"),
  userAgentFilter: flag("a missing or default User-Agent is answered 403, error code: 1010"),
  unknownPathStatus: {
    type: "string",
    default: "401",
    choices: ["401", "404"],
    about: "status of a path that does not exist",
  },
  wrongSize: flag("uploadMedia answers with a wrong size"),
  repeatItems: flag("each page of a list repeats the last asset of the page before"),
  html403: rate("answered by a proxy's HTML 403"),
  rateLimited: rate("answered 429: too many requests"),
  serverError: rate("answered with 500 before the operation"),
  serverErrorAfter: rate("answered with 500 after the operation succeeded"),
  unavailable: rate("answered 503: unavailable"),
  retryAfter: { type: "number", default: 0, about: "seconds of Retry-After on 429 and 503; 0: none" },
  retryAfterDate: flag("send Retry-After as an HTTP date"),
  redirected: rate("answered by a redirect to a sign-in page"),
  htmlPage: rate("answered 200 with an HTML page"),
  unauthorizedFrom: {
    type: "number",
    default: 0,
    about: "every request from the Nth on is answered 401; 0: none",
  },
  paymentRequiredFrom: {
    type: "number",
    default: 0,
    about: "every request from the Nth on is answered 402; 0: none",
  },
  cutBefore: rate("the connection is cut before the operation"),
  cutAfter: rate("the connection is cut after the operation succeeded"),
  delayed: rate("the answer is late, by --delay-ms"),
  delayMs: { type: "number", default: 2000, about: "milliseconds a delayed answer is late" },
  duplicated: rate("the answer is sent twice on the same connection"),
  faultsOn: {
    type: "list",
    default: operations,
    choices: operations,
    about: "the operations that faults are injected into",
  },
  bucketForbidden: rate("the bucket answers 403: access denied"),
  bucketSlowDown: rate("the bucket answers 503: slow down"),
  bucketErrorIn200: rate("the bucket answers a copy or the end of a multipart upload 200 with an error"),
  bucketCutBefore: rate("the bucket cuts the connection before the operation"),
  bucketCutDuring: rate("the bucket cuts the connection in the middle of the body"),
  bucketCutAfter: rate("the bucket cuts the connection after the operation succeeded"),
  bucketFaultsOn: {
    type: "list",
    default: bucketOperations,
    choices: bucketOperations,
    about: "the bucket's operations that faults are injected into",
  },
  seed: { type: "number", default: 1, about: "seed of the faults that occur by chance" },
} as const satisfies Record<string, ToggleRow>;

type Table = typeof emulatorToggles;
/** The value of a toggle, by its row in `emulatorToggles`. */
export type ToggleValue<Row> = Row extends { type: "boolean" }
  ? boolean
  : Row extends { type: "number" | "rate" }
    ? number
    : Row extends { type: "list"; choices: readonly (infer Choice)[] }
      ? readonly Choice[]
      : Row extends { choices: readonly (infer Choice)[] }
        ? Choice
        : string;

/** All toggles with their values. */
export type Toggles = { -readonly [Name in keyof Table]: ToggleValue<Table[Name]> };

/**
 * All toggles of the given options, the rest at their defaults.
 * @throws MediaPreflightError `usage`
 */
export function togglesOf(options: Partial<Toggles>): Toggles {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(emulatorToggles) as (keyof Toggles)[]) {
    out[name] = options[name] ?? emulatorToggles[name].default;
    requireValue(name, out[name], emulatorToggles[name]);
  }
  return out as Toggles;
}

function requireValue(name: string, value: unknown, row: ToggleRow): void {
  const type = row.type === "rate" ? "number" : row.type;
  const typed = type === "list" ? Array.isArray(value) : typeof value === type && !Number.isNaN(value);
  const known = row.choices;
  const unknown = typed && known ? [value].flat().find((one) => !known.includes(String(one))) : undefined;
  if (typed && unknown === undefined) return;
  const shown = JSON.stringify(unknown ?? value);
  throw new MediaPreflightError("usage", `the emulator's ${name} cannot be ${shown}`, {
    hint: known ? `use one of ${known.join(", ")}` : `use a ${type}`,
  });
}

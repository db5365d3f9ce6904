/** What browsers import: the names of index.ts, without Node. */

import { consultInBrowser } from "./facts/witness/lazy.ts";
import { type BinaryInput, noInput, openBinary } from "./pipeline/open.ts";
import { createPreflight, perOptions } from "./pipeline/preflight.ts";
import type { Push } from "./pipeline/push.ts";
import { createPreflightReferences } from "./pipeline/references.ts";
import { createMediaSchema } from "./pipeline/standard-schema.ts";
import type { Submit } from "./pipeline/submit.ts";
import { loadTable as load } from "./rules/load.ts";

const browser = createPreflight<BinaryInput | URL | string>({
  open(input, options) {
    const binary = openBinary(input, options.name ?? null);
    if (binary) return binary;
    if (typeof input !== "string" && !(input instanceof URL))
      throw noInput(input, "a File, a Blob, bytes or a URL");
    // What fetches is loaded only where there is something to fetch.
    return import("./pipeline/public-url.ts").then(({ checkUrl }) => checkUrl(input, options));
  },
  loadTable: load,
  witnesses: perOptions(consultInBrowser),
});

/** Judges a File, Blob, bytes or URL against a rule table. */
export const preflight: typeof browser.preflight = browser.preflight;
/** Reads the facts of a File, Blob, bytes or URL, without judging them. */
export const inspect: typeof browser.inspect = browser.inspect;
/** A Standard Schema validator for form libraries: `mediaSchema({ type: "image" })`. */
export const mediaSchema: ReturnType<typeof createMediaSchema<Parameters<typeof browser.preflight>[0]>> =
  createMediaSchema(browser.preflight);
/** A rule table by id or object. */
export const loadTable: typeof load = load;

/** Judges the references of a generation request together, before it is billed. */
export const preflightReferences: ReturnType<
  typeof createPreflightReferences<Parameters<typeof browser.preflight>[0]>
> = /* @__PURE__ */ createPreflightReferences({ preflight: browser.preflight, loadTable: load });

/** Checks a file, uploads and registers it if it passes, and waits until it is Active. */
export const submit: Submit<BinaryInput | URL | string> = async (input, options) =>
  (await road()).submit(input, options);
/** The same for many files at once; what happens to each is told as events. */
export const push: Push<BinaryInput | URL | string> = async (files, options) =>
  (await road()).push(files, options);
const road = async () => (await import("./pipeline/submit.browser.ts")).browserRoad(browser.preflight);

export { createAtlasClient } from "./atlas/client.ts";
export * from "./surface.ts";

import { readersOnDemand } from "../facts/readers-on-demand.ts";
import { consultInBrowser } from "../facts/witness/lazy.ts";
import { loadTable } from "../rules/load.ts";
import { type BinaryInput, noInput, openBinary } from "./open.ts";
import { createPreflight, type Preflight } from "./preflight.ts";

/** What a page can be asked to look at. */
export type BrowserInput = BinaryInput | URL | string;

/** `preflight` and `inspect` in a page. */
export const browser: Preflight<BrowserInput> = /* @__PURE__ */ createPreflight<BrowserInput>({
  open(input, options) {
    const binary = openBinary(input, options.name ?? null);
    if (binary) return binary;
    if (typeof input !== "string" && !(input instanceof URL))
      throw noInput(input, "a File, a Blob, bytes or a URL");
    // What fetches is loaded only where there is something to fetch.
    return import("./public-url.ts").then(({ checkUrl }) => checkUrl(input, options));
  },
  loadTable,
  readers: readersOnDemand,
  witnesses: consultInBrowser,
});

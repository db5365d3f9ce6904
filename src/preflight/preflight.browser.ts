import { browserCrossCheckOnDemand } from "../facts/cross-check/lazy.ts";
import { lazyParsers } from "../facts/lazy-parsers.ts";
import { loadTable } from "../rules/load.ts";
import { type BinaryInput, openBinary, unsupportedInput } from "./open-input.ts";
import { createPreflight, type Preflight } from "./preflight.ts";

/** What a page can be asked to look at. */
export type BrowserInput = BinaryInput | URL | string;

/** `preflight` and `inspect` in a page. */
export const browser: Preflight<BrowserInput> = /* @__PURE__ */ createPreflight<BrowserInput>({
  open(input, options) {
    const binary = openBinary(input, options.name ?? null);
    if (binary) return binary;
    if (typeof input !== "string" && !(input instanceof URL))
      throw unsupportedInput(input, "a File, a Blob, bytes or a URL");
    // What fetches is loaded only where there is something to fetch.
    return import("./url/public-url.ts").then(({ checkUrl }) => checkUrl(input, options));
  },
  loadTable,
  readers: lazyParsers,
  crossCheck: browserCrossCheckOnDemand,
});

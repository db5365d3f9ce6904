import { browserCrossCheckOnDemand } from "../facts/cross-check/lazy.ts";
import { lazyParsers } from "../facts/lazy-parsers.ts";
import { loadTable } from "../rules/load.ts";
import { type BinaryInput, openBinary, unsupportedInput } from "./open-input.ts";
import { createPreflight, type Preflight } from "./preflight.ts";

/** What can be read in a page; a string is a URL. */
export type BrowserInput = BinaryInput | URL | string;

/** `preflight` and `inspect` in a page. */
export const browser: Preflight<BrowserInput> = /* @__PURE__ */ createPreflight<BrowserInput>({
  open(input, options) {
    const binary = openBinary(input, options.name ?? null);
    if (binary) return binary;
    if (typeof input !== "string" && !(input instanceof URL))
      throw unsupportedInput(input, "a File, a Blob, bytes or a URL");
    // Network code is loaded only when there is something to fetch.
    return import("./open-url.browser.ts").then(({ openUrlInPage }) => openUrlInPage(input, options));
  },
  loadTable,
  readers: lazyParsers,
  crossCheck: browserCrossCheckOnDemand,
});

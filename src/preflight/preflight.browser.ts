import { loadModule } from "../async/load-module.ts";
import type { ByteSource } from "../bytes/source.ts";
import { MediaPreflightError } from "../errors.ts";
import { browserCrossCheckOnDemand } from "../facts/cross-check/lazy.ts";
import { lazyParsers } from "../facts/lazy-parsers.ts";
import { loadTable } from "../rules/load.ts";
import { type MediaInput, openBinary, unsupportedInput } from "./inputs/open-input.ts";
import { isStreamInput, type StreamInput } from "./inputs/stream-input.ts";
import { createPreflight, type Preflight, type PreflightOptions } from "./preflight.ts";

/** What can be read in a page; a string is a URL. */
export type BrowserInput = MediaInput;

/** BrowserInput in words, for hints. */
export const pageInputs = "a File, a Blob, bytes, a URL, a stream or a Response";

/** `preflight` and `inspect` in a page. */
export const browserPreflight: Preflight<BrowserInput> = /* @__PURE__ */ createPreflight<BrowserInput>({
  open(input, options) {
    const binary = openBinary(input, options.name ?? null);
    if (binary) return binary;
    if (isStreamInput(input)) return openSpooled(input, options);
    if (typeof input !== "string" && !(input instanceof URL)) throw unsupportedInput(input, pageInputs);
    // Network code is loaded only if there is something to fetch.
    return loadModule(() => import("./inputs/open-url.browser.ts")).then(({ openUrlInPage }) =>
      openUrlInPage(input, options),
    );
  },
  loadTable,
  parsers: lazyParsers,
  crossCheck: browserCrossCheckOnDemand,
  decode: async () => {
    throw new MediaPreflightError("no-engine", "whole files are decoded on Node.js only", {
      hint: "leave out decode in pages",
    });
  },
});

async function openSpooled(input: StreamInput, options: PreflightOptions): Promise<ByteSource> {
  const [{ openStream }, { memorySpool }] = await Promise.all([
    loadModule(() => import("./inputs/open-stream.ts")),
    loadModule(() => import("../bytes/spool.ts")),
  ]);
  return openStream(input, memorySpool(), options);
}

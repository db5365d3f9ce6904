import { unsupportedInput } from "../../preflight/inputs/open-input.ts";
import { type BrowserInput, pageInputs } from "../../preflight/preflight.browser.ts";
import type { Preflight } from "../../preflight/preflight.ts";
import { loadTable } from "../../rules/load.ts";
import type { SubmitOptions } from "../options.ts";
import { fileOfBinary } from "./binary-input.ts";
import type { SubmitFile, SubmitPlatform } from "./submit-file.ts";
import { type CheckUrl, fileOfUrl } from "./url-input.ts";

/** How a page checks and opens what is submitted. */
export const browserPlatform = (
  preflight: Preflight<BrowserInput>["preflight"],
): SubmitPlatform<BrowserInput> => ({
  preflight: (input, options) => preflight(input, options),
  open: submitFile,
  rulesVersion: async (rules) => (await loadTable(rules)).checked,
  alwaysHash: false,
  crossCheckOptional: true,
});

const checkUrl: CheckUrl = async (address, options) =>
  (await import("../../preflight/url/public-url.ts")).checkUrl(address, options);

function submitFile(input: BrowserInput, options: SubmitOptions): SubmitFile {
  if (typeof input === "string" || input instanceof URL) return fileOfUrl(input, options, checkUrl);
  const binary = fileOfBinary(input, options.file ?? null);
  if (!binary) throw unsupportedInput(input, pageInputs);
  return binary;
}

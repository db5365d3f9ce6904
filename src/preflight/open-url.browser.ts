import { classifyInput } from "./classify-input.ts";
import type { OpenedInput, PreflightOptions } from "./preflight.ts";
import { unreadableScheme } from "./unreadable-scheme.ts";
import { checkUrl } from "./url/public-url.ts";

/**
 * Opens a URL in a page; loaded with the first one.
 * @throws MediaPreflightError `usage` for a scheme that cannot be read, and those of checkUrl
 */
export function openUrlInPage(input: string | URL, options: PreflightOptions): Promise<OpenedInput> {
  const classified = classifyInput(input);
  if (classified.kind === "asset" || classified.kind === "other") throw unreadableScheme(classified);
  return checkUrl(input, options);
}

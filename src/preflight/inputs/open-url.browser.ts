import type { OpenedInput, OpenOptions } from "../preflight.ts";
import { checkUrl } from "../url/public-url.ts";
import { classifyInput } from "./classify-input.ts";
import { unreadableScheme } from "./unreadable-scheme.ts";

/**
 * Opens a URL in a page; loaded with the first one.
 * @throws MediaPreflightError `usage` for a scheme that cannot be read, and those of checkUrl
 */
export function openUrlInPage(input: string | URL, options: OpenOptions): Promise<OpenedInput> {
  const classified = classifyInput(input);
  if (classified.kind === "asset" || classified.kind === "other") throw unreadableScheme(classified);
  return checkUrl(input, options);
}

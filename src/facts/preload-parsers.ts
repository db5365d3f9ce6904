import { lazyParsers } from "./lazy-parsers.ts";

/**
 * Loads the parsers of all formats (some 28 KB compressed), for a page that has to work when the network is gone. It
 * never rejects: what could not be loaded is requested again with the first file that needs it. On Node.js there is
 * nothing to load.
 */
export async function preloadParsers(): Promise<void> {
  await Promise.allSettled(Object.values(lazyParsers).map((part) => part()));
}

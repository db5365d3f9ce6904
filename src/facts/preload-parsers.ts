import { lazyParsers } from "./lazy-parsers.ts";

/**
 * Loads the readers of all formats ahead, some 28 KB: for a page whose network may be gone when a file is given to it.
 * What a browser once failed to load stays failed until the page is reloaded (Chromium 153, seen), so call it early;
 * it never rejects. In Node they are at hand.
 */
export async function preloadParsers(): Promise<void> {
  await Promise.allSettled(Object.values(lazyParsers).map((part) => part()));
}

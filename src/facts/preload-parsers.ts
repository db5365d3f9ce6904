import { loadModule } from "../async/load-module.ts";
import { lazyParsers } from "./lazy-parsers.ts";

/**
 * Loads the parsers of all formats (some 28 KB compressed), for a page that must work without network. It
 * never rejects: what could not be loaded is loaded again with the first file that needs it. On Node.js there is
 * nothing to load.
 */
export async function preloadParsers(): Promise<void> {
  const rarelyUsed = [
    loadModule(() => import("./video/fragments.ts")),
    loadModule(() => import("./image/heif-sequence.ts")),
  ];
  await Promise.allSettled([...rarelyUsed, ...Object.values(lazyParsers).map((part) => part())]);
}

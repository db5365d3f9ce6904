import { readersOnDemand } from "../../facts/readers-on-demand.ts";

/**
 * Loads all that a file may need. What a browser once failed to load stays failed until the page is reloaded (Chromium
 * 153, seen), so nothing is left to the moment in which the network may be gone.
 */
export async function loadAhead(): Promise<void> {
  const parts = Object.values(readersOnDemand).map((part) => part());
  // By the very addresses that they are asked for later.
  const sending = import("./send-file.ts").then(({ loadSending }) => loadSending());
  await Promise.allSettled([...parts, sending, import("./preview.ts")]);
}

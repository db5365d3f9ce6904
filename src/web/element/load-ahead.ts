import { preloadParsers } from "../../facts/preload-parsers.ts";

/** Loads all that a file may need: nothing is left to the moment in which the network may be gone. */
export async function loadAhead(): Promise<void> {
  // By the very addresses that they are asked for later.
  const sending = import("./send-file.ts").then(({ loadSending }) => loadSending());
  await Promise.allSettled([preloadParsers(), sending, import("./preview.ts")]);
}

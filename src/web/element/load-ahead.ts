import { loadModule } from "../../async/load-module.ts";
import { preloadParsers } from "../../facts/preload-parsers.ts";

/** Loads everything that a file may need: the network may be gone by the time it is dropped. */
export async function loadAhead(): Promise<void> {
  const sending = loadModule(() => import("./session/send-file.ts")).then(({ loadSending }) => loadSending());
  await Promise.allSettled([
    preloadParsers(),
    loadModule(() => import("./list/load.ts")),
    loadModule(() => import("./card/preview.ts")),
    sending,
  ]);
}

import type { Asset } from "../../atlas/types.ts";
import { createServerClient } from "../../pipeline/by-server/client.ts";
import type { ServerClientOptions } from "../../pipeline/by-server/options.ts";
import { browser } from "../../pipeline/preflight.browser.ts";
import { browserRoad } from "../../pipeline/submit.browser.ts";
import type { Judging, Watch } from "./work.ts";

/** Loads all that sending takes: whoever presses "Send" may be on a train. */
export const loadSending = (): Promise<unknown> => import("../../pipeline/by-server/calls.ts");

/** Sends a file through the page's own server. */
export function sendFile(
  file: File,
  server: ServerClientOptions,
  how: Judging,
  watch: Watch,
): Promise<Asset> {
  const served = (how.witnessOptions as { wasmUrl?: unknown } | undefined)?.wasmUrl;
  return browserRoad(browser.preflight).submit(file, {
    ...how,
    atlas: createServerClient(server),
    // A second opinion on every video is worth its milliseconds, where MediaInfo is served.
    witness: how.witness ?? (served ? undefined : "auto"),
    file: file.webkitRelativePath || file.name,
    ...watch,
  });
}

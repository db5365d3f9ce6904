import type { Asset } from "../../atlas/types.ts";
import { browser } from "../../preflight/preflight.browser.ts";
import { createBrowserUploader } from "../../push/uploader.browser.ts";
import { createServerClient } from "../../server-client/client.ts";
import type { ServerClientOptions } from "../../server-client/options.ts";
import type { CheckOptions, Watch } from "./check-file.ts";

/** Loads all that sending takes: whoever presses "Send" may be on a train. */
export const loadSending = (): Promise<unknown> => import("../../server-client/calls.ts");

/** Sends a file through the page's own server. */
export function sendFile(
  file: File,
  server: ServerClientOptions,
  how: CheckOptions,
  watch: Watch,
): Promise<Asset> {
  const served = (how.crossCheckOptions as { wasmUrl?: unknown } | undefined)?.wasmUrl;
  return createBrowserUploader(browser.preflight).submit(file, {
    ...how,
    atlas: createServerClient(server),
    // A second opinion on every video is worth its milliseconds, where MediaInfo is served.
    crossCheck: how.crossCheck ?? (served ? undefined : "auto"),
    file: file.webkitRelativePath || file.name,
    ...watch,
  });
}

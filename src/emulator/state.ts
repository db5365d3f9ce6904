import type { IncomingMessage, ServerResponse } from "node:http";
import type { Store, StoredAsset, StoredUpload } from "./store.ts";
import type { Toggles } from "./toggles.ts";

/** What the hosts share. */
export interface EmulatorState {
  readonly store: Store;
  toggles: Toggles;
  apiOrigin(): string;
  storageUrl(upload: StoredUpload): string;
  /** URL of a small real video: the result of a generation without a reference video. */
  clipUrl(): Promise<string>;
  /** Begins to validate an asset; it stays Processing until that is done. */
  scheduleValidation(asset: StoredAsset): void;
}

/** What @hono/node-server passes; empty if `fetch` is called directly. */
export interface Connection {
  incoming?: IncomingMessage;
  outgoing?: ServerResponse;
}

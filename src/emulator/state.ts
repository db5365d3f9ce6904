import type { IncomingMessage, ServerResponse } from "node:http";
import type { Toggles } from "./options.ts";
import type { Store, StoredAsset, StoredUpload } from "./store.ts";

/** What the hosts share. */
export interface EmulatorState {
  readonly store: Store;
  toggles: Toggles;
  apiOrigin(): string;
  storageUrl(upload: StoredUpload): string;
  /** Where a small real video is served: what a generation without a reference video puts out. */
  clipUrl(): Promise<string>;
  /** Begins to evaluate an asset; it stays Processing until that is done. */
  scheduleValidation(asset: StoredAsset): void;
}

/** What @hono/node-server hands over; absent where `fetch` is called directly. */
export interface Connection {
  incoming?: IncomingMessage;
  outgoing?: ServerResponse;
}

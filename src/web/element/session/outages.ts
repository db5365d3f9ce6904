import { delay } from "../../../async/delay.ts";
import type { AtlasClient } from "../../../atlas/types.ts";
import { isMediaPreflightError } from "../../../errors.ts";

/** Milliseconds in which a browser notices that its network is gone, after a request has failed. */
const notice = 500;
/** Milliseconds from one look at the network to the next. */
const pause = 500;
/** Milliseconds until a call is tried again anyway: some systems report no network although the server can be reached. */
const longestPause = 30_000;
/** Milliseconds from the first failure until an outage is an error. */
const longestOutage = 24 * 3_600_000;

/** Is notified when a file starts or stops waiting for the network; `signal` ends the wait. */
export interface OutageWatcher {
  onOutage(waiting: boolean): void;
  signal: AbortSignal;
}

/**
 * The client with calls that outlast an outage: where the browser has no network, they wait for it and are made again.
 * Each of them may be: bytes are no asset yet, and an upload is registered once, however often that is requested.
 */
export function outlastOutages(client: AtlasClient, watcher: OutageWatcher): AtlasClient {
  return {
    ...client,
    uploadMedia: (...given) => outlast(() => client.uploadMedia(...given), watcher),
    registerAsset: (...given) => outlast(() => client.registerAsset(...given), watcher),
    waitUntilActive: (...given) => outlast(() => client.waitUntilActive(...given), watcher),
  };
}

async function outlast<Result>(
  call: () => Promise<Result>,
  { onOutage, signal }: OutageWatcher,
): Promise<Result> {
  let until: number | null = null;
  for (;;) {
    const outage = watchNetwork(onOutage);
    try {
      return await call();
    } catch (error) {
      if (!isMediaPreflightError(error) || error.code !== "network") throw error;
      await delay(notice, signal);
      const now = performance.now();
      until ??= now + longestOutage;
      if (!outage.seen() || now > until) throw error;
      onOutage(true);
      while (!navigator.onLine && performance.now() < now + longestPause) await delay(pause, signal);
    } finally {
      outage.end();
    }
  }
}

/** Whether the network is gone, or was since this call. */
function watchNetwork(onOutage: OutageWatcher["onOutage"]): { seen(): boolean; end(): void } {
  let seen = false;
  const listening = new AbortController();
  const { signal } = listening;
  globalThis.addEventListener(
    "offline",
    () => {
      seen = true;
      onOutage(true);
    },
    { signal },
  );
  globalThis.addEventListener("online", () => onOutage(false), { signal });
  return {
    seen: () => seen || !navigator.onLine,
    end() {
      listening.abort();
      onOutage(false);
    },
  };
}

/**
 * The Worker that a page may serve: libraries then do not block the page, and can be stopped by terminating it. A module
 * worker, from the page's own origin; the protocol is in worker-protocol.ts.
 */

import { browserEnvironment } from "./browser-environment.ts";
import type { ToWorker } from "./worker-protocol.ts";
import { serve } from "./worker-server.ts";

const receive = serve((message) => globalThis.postMessage(message), browserEnvironment);

globalThis.addEventListener("message", (event: MessageEvent<ToWorker>) => receive(event.data));

/**
 * The Worker that a page may serve, so that a cross-check library never holds up the page and ending it is its time limit.
 * A module worker, from the page's own origin; the protocol is protocol.ts.
 */

import { browserEnvironment } from "./browser-environment.ts";
import type { ToWorker } from "./worker-protocol.ts";
import { serve } from "./worker-server.ts";

const receive = serve((message) => globalThis.postMessage(message), browserEnvironment);

globalThis.addEventListener("message", (event: MessageEvent<ToWorker>) => receive(event.data));

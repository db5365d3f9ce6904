/**
 * The Worker that a page may serve, so that a witness never holds up the page and ending it is its time limit.
 * A module worker, from the page's own origin; the protocol is protocol.ts.
 */
import type { ToWorker } from "./protocol.ts";
import { serve } from "./serve.ts";
import { browserSurroundings } from "./surroundings.ts";

const receive = serve((message) => globalThis.postMessage(message), browserSurroundings);

globalThis.addEventListener("message", (event: MessageEvent<ToWorker>) => receive(event.data));

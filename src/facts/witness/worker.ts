/**
 * The Worker that a page may serve, so that a witness never holds up the page and ending it is its time limit.
 * A module worker, from the page's own origin; the protocol is protocol.ts.
 */
import { wasmRequest } from "../../../wasm/fetch.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { serve } from "./serve.ts";

const receive = serve(
  (message: FromWorker) => globalThis.postMessage(message),
  async (given) => {
    if (given === null) throw new Error("no address of the MediaInfo module was given");
    return wasmRequest(given);
  },
);

globalThis.addEventListener("message", (event: MessageEvent<ToWorker>) => receive(event.data));

import { explainWasmFailure, wasmRequest } from "../../../wasm/fetch.ts";
import type { Surroundings } from "./opinion.ts";

/** A page's, or its Worker's: the module comes from the page's own origin, at the address it gave. */
export const browserSurroundings = (wasm: string | null): Surroundings => ({
  async wasm() {
    if (wasm === null) throw new Error("no address of its WebAssembly was given");
    return wasmRequest(wasm);
  },
  explain: (cause) => explainWasmFailure(wasm ?? "", cause),
});

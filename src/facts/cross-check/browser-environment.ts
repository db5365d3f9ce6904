import { explainWasmFailure, wasmRequest } from "../../../wasm/fetch.ts";
import type { LibraryEnvironment } from "./library-reading.ts";

/** In a page or its Worker: the module comes from the page's own origin, from the address that the page gave. */
export const browserEnvironment = (wasm: string | null): LibraryEnvironment => ({
  async wasm() {
    if (wasm === null) throw new Error("no address of its WebAssembly was given");
    return wasmRequest(wasm);
  },
  explain: (cause) => explainWasmFailure(wasm ?? "", cause),
});

import { explainWasmFailure, wasmRequest } from "../../../wasm/fetch.ts";
import type { LibraryEnvironment } from "./library-reading.ts";

/** A page's, or its Worker's: the module comes from the page's own origin, at the address it gave. */
export const browserEnvironment = (wasm: string | null): LibraryEnvironment => ({
  async wasm() {
    if (wasm === null) throw new Error("no address of its WebAssembly was given");
    return wasmRequest(wasm);
  },
  explain: (cause) => explainWasmFailure(wasm ?? "", cause),
});

/** Where the cross-check libraries are found, and how they run. */
export interface CrossCheckOptions {
  /** In Node.js: MediaInfo's WebAssembly (path or `file:` URL), if not that of the installed package. */
  wasm?: string | URL | null;
  /** In Node.js: the worker's entry, if it is not beside the package's own files (a bundle). */
  worker?: URL | null;
  /** In Node.js: run the libraries in a thread of this process (default) or in a process of their own. */
  isolation?: "thread" | "process";
  /** In a page: where its own site serves MediaInfoModule.wasm; without it MediaInfo does not run. */
  wasmUrl?: string | URL | null;
  /** In a page: where its own site serves `media-preflight/cross-check-worker`; without it they run in the page. */
  workerUrl?: string | URL | null;
  /** Milliseconds that one library may take for one file. */
  timeout?: number;
}

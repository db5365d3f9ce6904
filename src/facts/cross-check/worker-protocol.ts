import type { Format } from "../formats.ts";
import type { LibraryName, LibraryReading } from "./library-reading.ts";

/** To the worker. One analysis at a time; the worker requests the bytes that it needs. */
export type ToWorker =
  | { op: "start"; wasm: string | null }
  | { op: "analyse"; id: number; library: LibraryName; format: Format | null; size: number }
  /** The bytes requested; null: they could not be read. */
  | { op: "bytes"; id: number; bytes: Uint8Array<ArrayBuffer> | null };

/** From the worker. */
export type FromWorker =
  | { op: "ready" }
  | { op: "read"; id: number; offset: number; length: number }
  | { op: "answer"; id: number; libraryReading: LibraryReading }
  | { op: "failed"; id: number; why: string };

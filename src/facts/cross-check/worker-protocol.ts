import type { Format } from "../formats.ts";
import type { LibraryName, LibraryReading } from "./library-reading.ts";

/** To the worker. One analysis at a time; it asks for the bytes it wants. */
export type ToWorker =
  | { op: "start"; wasm: string | null }
  | { op: "analyse"; id: number; crossCheck: LibraryName; format: Format | null; size: number }
  /** Null: they could not be read. */
  | { op: "bytes"; id: number; bytes: Uint8Array<ArrayBuffer> | null };

/** From the worker. */
export type FromWorker =
  | { op: "ready" }
  | { op: "read"; id: number; offset: number; length: number }
  | { op: "answer"; id: number; libraryReading: LibraryReading }
  | { op: "failed"; id: number; why: string };

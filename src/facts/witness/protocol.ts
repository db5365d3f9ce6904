import type { Format } from "../formats.ts";
import type { Opinion, WitnessName } from "./opinion.ts";

/** To the worker. One analysis at a time; it asks for the bytes it wants. */
export type ToWorker =
  | { op: "start"; wasm: string | null }
  | { op: "analyse"; id: number; witness: WitnessName; format: Format | null; size: number }
  /** Null: they could not be read. */
  | { op: "bytes"; id: number; bytes: Uint8Array<ArrayBuffer> | null };

/** From the worker. */
export type FromWorker =
  | { op: "ready" }
  | { op: "read"; id: number; offset: number; length: number }
  | { op: "opinion"; id: number; opinion: Opinion }
  | { op: "failed"; id: number; why: string };

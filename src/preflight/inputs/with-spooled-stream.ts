import { loadModule } from "../../async/load-module.ts";
import type { Spool } from "../../bytes/spool.ts";
import type { SpoolOptions } from "./spool-stream.ts";
import { isStreamInput, type StreamInput } from "./stream-input.ts";

/**
 * Calls `act` with the input itself, or with a stream's bytes as a Blob that exists until `act` ends. `name` is the last
 * segment of a Response's URL.
 */
export async function withSpooledStream<Input, T>(
  input: Input | StreamInput,
  makeSpool: () => Spool | Promise<Spool>,
  options: SpoolOptions,
  act: (input: Exclude<Input, StreamInput> | Blob, name: string | null) => Promise<T>,
): Promise<T> {
  if (!isStreamInput(input)) return act(input as Exclude<Input, StreamInput>, null);
  const { spoolStream } = await loadModule(() => import("./spool-stream.ts"));
  const { blob, name, remove } = await spoolStream(input, await makeSpool(), options);
  try {
    return await act(blob, name);
  } finally {
    await remove();
  }
}

import { fromBlob } from "../../bytes/blob.ts";
import type { ByteSource } from "../../bytes/source.ts";
import type { Spool } from "../../bytes/spool.ts";
import type { PreflightOptions } from "../preflight.ts";
import { spoolStream } from "./spool-stream.ts";
import type { StreamInput } from "./stream-input.ts";

/** A source over a stream's bytes; closing it frees the spool. @throws MediaPreflightError, see spoolStream */
export async function openStream(
  input: StreamInput,
  spool: Spool,
  options: PreflightOptions,
): Promise<ByteSource> {
  const { blob, name, remove } = await spoolStream(input, spool, options);
  return { ...fromBlob(blob, options.name ?? name), close: remove };
}

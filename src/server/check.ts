import type { ByteSource } from "../bytes/source.ts";
import { isNodeLike } from "../bytes/url/runtime.ts";
import type { Kind } from "../facts/formats.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";
import type { HandlerOptions } from "./options.ts";

/** Checks bytes, whatever the page found. `kind` is the declared type, or null. */
export async function checkBody(
  body: Blob | ByteSource,
  { kind, filename }: { kind: Kind | null; filename: string },
  options: HandlerOptions,
  signal: AbortSignal,
): Promise<Report> {
  const { rules, limits, strict, crossCheck } = options;
  const preflightOptions: PreflightOptions = {
    type: kind ?? undefined,
    name: filename || null,
    acceptUnsure: options.acceptUnsure,
    rules,
    limits,
    strict,
    crossCheck,
    signal,
  };
  // Other runtimes have no files, and no modules that read them.
  const { preflight } = await (isNodeLike ? import("../index.ts") : import("../browser.ts"));
  return preflight(body, preflightOptions);
}

import type { Kind } from "../facts/formats.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";
import type { HandlerOptions } from "./options.ts";
import { runsOnNode } from "./runtime.ts";

/** Checks spooled bytes, whatever the page found. `kind` is the type they claim to be, or null. */
export async function checkBody(
  body: Blob,
  { kind, filename }: { kind: Kind | null; filename: string },
  options: HandlerOptions,
  signal: AbortSignal,
): Promise<Report> {
  const { rules, limits, strict, crossCheck } = options;
  const asked: PreflightOptions = {
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
  const { preflight } = await (runsOnNode ? import("../index.ts") : import("../browser.ts"));
  return preflight(body, asked);
}

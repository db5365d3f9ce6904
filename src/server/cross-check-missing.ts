import { isNodeLike } from "../bytes/url/runtime.ts";
import type { HandlerEvent } from "./options.ts";

const bundled =
  'if a bundler packs the server, exclude this package (Next.js: serverExternalPackages: ["media-preflight"])';

/** The warning for the server's log at start-up if the MediaInfo cross-check cannot run; null if it can. */
export async function crossCheckWarning(): Promise<Extract<HandlerEvent, { type: "warning" }> | null> {
  if (!isNodeLike)
    return {
      type: "warning",
      message: "videos are not cross-checked by MediaInfo: it runs on Node.js only",
      hint: "run the handler on Node.js, or accept the results of the built-in parsers",
    };
  try {
    await (await import("../../wasm/locate.node.ts")).verifiedWasmPath();
    const worker = (await import("../facts/cross-check/libraries.node.ts")).crossCheckWorker();
    // If a bundler left it out, each video would be unsure.
    await (await import("node:fs/promises")).access(worker);
    return null;
  } catch (error) {
    const { message, hint = bundled } = error as { message: string; hint?: string | null };
    return {
      type: "warning",
      message: `videos are not cross-checked by MediaInfo: ${message}`,
      hint,
    };
  }
}

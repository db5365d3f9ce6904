import { createAtlasClient } from "../atlas/client.ts";
import type { AtlasClient } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import type { HandlerOptions } from "./options.ts";

/** The client to use, if the options make sense. @throws MediaPreflightError `usage`, `no-key` */
export function settleClient(options: HandlerOptions): AtlasClient {
  const usage = (message: string, hint: string): never => {
    throw new MediaPreflightError("usage", message, { hint });
  };
  if (typeof options?.authorize !== "function") {
    usage("createHandler needs authorize", "without it anybody could spend the account's credit");
  }
  for (const name of ["maxBytes", "maxConcurrent", "idleTimeout"] as const) {
    if (!((options[name] ?? 1) > 0)) usage(`${name} is not a number above 0`, "leave it out for the default");
  }
  if (options.secret !== undefined && options.secret.length < 32) {
    usage("secret is shorter than 32 characters", "make one with: openssl rand -base64 32");
  }
  if (options.atlas) return options.atlas;
  return createAtlasClient({ apiKey: options.apiKey ?? "" });
}

import { createAtlasClient } from "../atlas/client.ts";
import type { AtlasClient } from "../atlas/types.ts";
import { environment } from "../bytes/url/runtime.ts";
import { MediaPreflightError } from "../errors.ts";
import { lazyLedger } from "../ledger/lazy-ledger.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { OptionNames } from "../validation/known-options.ts";
import { requireKnownOptions } from "../validation/options.ts";
import type { HandlerOptions } from "./options.ts";

const optionNames = {
  atlas: true,
  apiKey: true,
  authorize: true,
  ledger: true,
  shareAssets: true,
  maxBytes: true,
  types: true,
  rules: true,
  limits: ["documented", "observed"],
  strict: true,
  acceptUnsure: true,
  crossCheck: ["auto", "always", "never"],
  allowedOrigins: true,
  storage: true,
  uploadQuota: true,
  spool: ["memory", "disk"],
  maxConcurrent: true,
  maxConcurrentPerLabel: true,
  idleTimeout: true,
  minBytesPerSecond: true,
  secret: true,
  onEvent: true,
} as const satisfies OptionNames<HandlerOptions>;

const positive = [
  "maxBytes",
  "maxConcurrent",
  "maxConcurrentPerLabel",
  "idleTimeout",
  "minBytesPerSecond",
] as const;

/** @throws MediaPreflightError `usage` */
export function validateOptions(options: HandlerOptions): void {
  if (typeof options?.authorize !== "function")
    throw usage("createHandler needs authorize", "without it anybody could spend the account's credit");
  requireKnownOptions("createHandler", options, optionNames);
  for (const name of positive)
    if (!((options[name] ?? 1) > 0))
      throw usage(`${name} is not a number above 0`, "omit it for the default");
  for (const [name, value] of Object.entries(options.uploadQuota ?? {}))
    if (!/^(?:files|bytes)$/.test(name) || !((value ?? 1) > 0))
      throw usage(`uploadQuota.${name} is not a number above 0`, "uploadQuota has files and bytes");
  for (const secret of secretsOf(options))
    if (typeof secret !== "string" || secret.length < 32)
      throw usage("secret is shorter than 32 characters", "make one with: openssl rand -base64 32");
  if (options.shareAssets && !ledgerFor(options))
    throw usage(
      "shareAssets needs a ledger",
      "give ledger, for instance fileLedger(path) or postgresLedger(url)",
    );
}

/** The current secret and those before it. */
export function secretsOf({ secret }: HandlerOptions): readonly string[] {
  if (secret === undefined) return [];
  return typeof secret === "string" ? [secret] : secret;
}

/** The ledger given, or the one that MEDIA_PREFLIGHT_LEDGER names; opened with its first use. */
export function ledgerFor(options: HandlerOptions): Ledger | undefined {
  const place = environment("MEDIA_PREFLIGHT_LEDGER");
  if (options.ledger || !place) return options.ledger;
  return lazyLedger(async () => (await import("../ledger/open-ledger.node.ts")).openLedger(place));
}

/** The client given, or one for the key and base URLs of the environment. @throws MediaPreflightError `no-key`, `usage` */
export function clientOf(options: HandlerOptions): AtlasClient {
  return (
    options.atlas ?? createAtlasClient({ apiKey: options.apiKey ?? environment("ATLASCLOUD_API_KEY") ?? "" })
  );
}

function usage(message: string, hint: string): MediaPreflightError {
  return new MediaPreflightError("usage", message, { hint });
}

/** The globals that distinguish runtimes. */
interface RuntimeGlobals {
  window?: unknown;
  document?: unknown;
  WorkerGlobalScope?: unknown;
  location?: unknown;
  Deno?: unknown;
  Bun?: unknown;
  process?: {
    versions?: { node?: string };
    execArgv?: readonly string[];
    env?: Readonly<Record<string, string | undefined>>;
  };
}

const globals = (): RuntimeGlobals => globalThis as unknown as RuntimeGlobals;

/** Node.js, or a runtime that says it is compatible with it: Bun, Deno. */
export const isNodeLike: boolean = typeof globals().process?.versions?.node === "string";

/**
 * Whether fetch sends a stream with the Content-Length that it is given (Node.js 24, Bun 1.4). Browsers stream over
 * HTTP/2 only; Deno 2.9 ignores the length and sends chunks, which some proxies refuse.
 */
export const sendsStreams: boolean = isNodeLike && globals().Deno === undefined;

/** A page or one of its workers; not Node.js, Deno or Bun, and not a server-side worker, which has no location. */
export function isBrowser(): boolean {
  const { window, document, WorkerGlobalScope, location, process } = globals();
  if (window !== undefined && document !== undefined) return true;
  return process?.versions?.node === undefined && WorkerGlobalScope !== undefined && location !== undefined;
}

/** An environment variable, if the runtime has any; empty means unset. */
export function environment(name: string): string | undefined {
  return globals().process?.env?.[name] || undefined;
}

/**
 * Whether fetch goes through the proxy that the environment names: Bun and Deno do so by themselves, Node.js (22.21,
 * 24.5) only with NODE_USE_ENV_PROXY=1 or --use-env-proxy (Node.js documentation, "Built-in proxy support").
 */
export function usesEnvironmentProxy(): boolean {
  const { Bun, Deno, process } = globals();
  if (Bun !== undefined || Deno !== undefined) return true;
  const flags = [...(process?.execArgv ?? []), ...(environment("NODE_OPTIONS") ?? "").split(/\s+/)];
  return environment("NODE_USE_ENV_PROXY") === "1" || flags.includes("--use-env-proxy");
}

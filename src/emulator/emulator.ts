import { createState } from "./create-state.ts";
import { hostOf, RequestHandler } from "./handle-request.ts";
import { type Listening, listenOnLoopback } from "./listen.ts";
import { type EmulatorOptions, type LogLine, type Toggles, togglesOf } from "./options.ts";
import type { StoredAsset, StoredUpload } from "./store.ts";
import type { Host } from "./wire.ts";

/** Both hosts of the service as request handlers, without a port. */
export interface Emulator {
  /**
   * The whole service as one function, for a client that takes a `fetch`: a host name that begins with "console" is
   * the console host, every other the api host.
   */
  fetch(request: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Listens on 127.0.0.1. Port 0, the default, is any free one. */
  listen(ports?: { port?: number | undefined; consolePort?: number | undefined }): Promise<RunningEmulator>;
  /** Changes toggles from now on; faults are counted again. */
  set(toggles: Partial<Toggles>): void;
  /** A copy of its contents, for tests. */
  snapshot(): { assets: StoredAsset[]; uploads: StoredUpload[]; toggles: Toggles };
  /** The last 10,000 requests, oldest first. */
  readonly requests: readonly LogLine[];
  /** Stops listening, and removes the store unless a directory was named. */
  close(): Promise<void>;
}

/** The service, listening: its base URLs are for `createAtlasClient`. */
export interface RunningEmulator extends Emulator {
  readonly apiBaseUrl: string;
  readonly consoleBaseUrl: string;
}

/**
 * Atlas Cloud's two hosts on this machine, for tests and for trying things out. It implements the documented contract
 * with every variant seen, not the service itself.
 * @throws MediaPreflightError `usage` if `store` contains something else
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const { state, setOrigin, validated } = createState(options);
  const handler = new RequestHandler(state, { key: options.key, onRequest: options.onRequest });
  const listening: Listening[] = [];

  async function listen(host: Host, port: number): Promise<string> {
    const server = await listenOnLoopback(
      (request, connection) => handler.handle(host, request, connection),
      port,
    );
    listening.push(server);
    return server.origin;
  }

  const emulator: Emulator = {
    requests: handler.requests,
    async fetch(input, init) {
      const request = new Request(input, init);
      const { hostname, origin } = new URL(request.url);
      const host = hostOf(hostname) ?? "api";
      if (listening.length === 0 && host === "api") setOrigin(origin);
      return handler.handle(host, request, {});
    },
    async listen({ port = 0, consolePort } = {}) {
      const api = await listen("api", port);
      setOrigin(api);
      const console = await listen("console", consolePort ?? (port === 0 ? 0 : port + 1));
      return Object.assign(emulator, { apiBaseUrl: `${api}/api/v1`, consoleBaseUrl: `${console}/api/v1` });
    },
    set(toggles) {
      state.toggles = togglesOf({ ...state.toggles, ...toggles });
      handler.resetFaults();
    },
    snapshot: () =>
      structuredClone({
        assets: state.store.state.assets,
        uploads: state.store.state.uploads,
        toggles: state.toggles,
      }),
    async close() {
      await Promise.all(listening.splice(0).map((server) => server.close()));
      await validated();
      await state.store.close();
    },
  };
  return emulator;
}

/** Creates an emulator and listens. */
export function startEmulator(
  options: EmulatorOptions & { port?: number | undefined; consolePort?: number | undefined } = {},
): Promise<RunningEmulator> {
  const { port, consolePort, ...rest } = options;
  return createEmulator(rest).listen({ port, consolePort });
}

import type { StoredObject } from "./bucket/objects.ts";
import { BucketServer } from "./bucket/serve.ts";
import { createState } from "./create-state.ts";
import { hostOf, RequestHandler } from "./http/handle-request.ts";
import { type Listening, serveOnLoopback } from "./http/listen.ts";
import type { Host } from "./http/wire.ts";
import { requireEmulatorOptions } from "./option-names.ts";
import type { EmulatorOptions, LogLine } from "./options.ts";
import type { StoredAsset, StoredUpload } from "./store.ts";
import { type Toggles, togglesOf } from "./toggles.ts";

/** Both hosts of the service as request handlers, without a port. */
export interface Emulator {
  /**
   * Both hosts as one function, for a client that takes a `fetch`: a host name that begins with "console" is
   * the console host, every other the api host.
   */
  fetch(request: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Listens on 127.0.0.1. Port 0, the default, is any free one. */
  listen(ports?: EmulatorPorts): Promise<RunningEmulator>;
  /** Changes toggles from now on; faults are counted again. */
  set(toggles: Partial<Toggles>): void;
  /** A copy of its contents, for tests. */
  snapshot(): { assets: StoredAsset[]; uploads: StoredUpload[]; objects: StoredObject[]; toggles: Toggles };
  /** The last 10,000 requests, oldest first. */
  readonly requests: readonly LogLine[];
  /** Stops listening, and removes the store unless a directory was named. */
  close(): Promise<void>;
}

/** The service, listening: its base URLs are for `createAtlasClient`. */
export interface RunningEmulator extends Emulator {
  readonly apiBaseUrl: string;
  readonly consoleBaseUrl: string;
  /** The bucket, if there is one: its options for `s3Storage`. */
  readonly bucket: RunningBucket | null;
}

/** The emulator's bucket: where it is, and what it accepts. */
export interface RunningBucket {
  /** Path style: `AWS_ENDPOINT_URL_S3`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** The ports of an emulator; without `port` any free ones, otherwise each the next of the one before. */
export interface EmulatorPorts {
  port?: number | undefined;
  consolePort?: number | undefined;
  bucketPort?: number | undefined;
}

/**
 * Atlas Cloud's two hosts on this machine, for tests and for trying things out. It implements the documented contract
 * with every variant seen, not the service itself.
 * @throws MediaPreflightError `usage` if `store` contains something else
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  requireEmulatorOptions("createEmulator", options);
  const { state, bucket, setOrigin, validated } = createState(options);
  const handler = new RequestHandler(state, { key: options.key, onRequest: options.onRequest });
  const bucketServer =
    bucket && new BucketServer(bucket, { toggles: () => state.toggles, log: (line) => handler.log(line) });
  const listening: Listening[] = [];

  async function listen(host: Host, port: number): Promise<string> {
    const server = await serveOnLoopback(
      (request, connection) => handler.handle(host, request, connection),
      port,
    );
    listening.push(server);
    return server.origin;
  }

  async function listenBucket(port: number): Promise<RunningBucket | null> {
    if (!bucketServer) return null;
    const server = await bucketServer.listen(port);
    listening.push(server);
    const { name, region, accessKeyId, secretAccessKey, sessionToken } = bucketServer.settings;
    return { endpoint: server.origin, bucket: name, region, accessKeyId, secretAccessKey, sessionToken };
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
    async listen({
      port = 0,
      consolePort = port && port + 1,
      bucketPort = consolePort && consolePort + 1,
    } = {}) {
      const api = await listen("api", port);
      setOrigin(api);
      const console = await listen("console", consolePort);
      return Object.assign(emulator, {
        apiBaseUrl: `${api}/api/v1`,
        consoleBaseUrl: `${console}/api/v1`,
        bucket: await listenBucket(bucketPort),
      });
    },
    set(toggles) {
      state.toggles = togglesOf({ ...state.toggles, ...toggles });
      handler.resetFaults();
      bucketServer?.resetFaults();
    },
    snapshot: () =>
      structuredClone({
        assets: state.store.state.assets,
        uploads: state.store.state.uploads,
        objects: state.store.state.objects,
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
export async function startEmulator(options: EmulatorOptions & EmulatorPorts = {}): Promise<RunningEmulator> {
  requireEmulatorOptions("startEmulator", options);
  const { port, consolePort, bucketPort, ...rest } = options;
  return createEmulator(rest).listen({ port, consolePort, bucketPort });
}

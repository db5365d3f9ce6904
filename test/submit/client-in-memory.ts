import { afterEach, beforeEach, vi } from "vitest";
import type { Asset, AtlasClient, Upload, UploadOptions } from "../../src/atlas/types.ts";
import type { LedgerEntry } from "../../src/ledger/entry.ts";
import type { ClaimOptions, Ledger, LedgerClaim, StepToRecord } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";

/** The service as another implementation of its client: with its contents and a log of its calls. */
export interface ServiceInMemory {
  client: AtlasClient;
  assets: Asset[];
  trash: Asset[];
  /** Names of the methods that were called, in order. */
  calls: string[];
  uploads: { file: Blob | Uint8Array | string; options: UploadOptions | undefined }[];
  registrations: { type: string; url: string; name?: string | undefined }[];
  /** Fields of new assets. */
  fresh: Partial<Asset>;
}

export const asset = (more: Partial<Asset> = {}): Asset => ({
  id: "1",
  atlasAssetId: null,
  arkAssetId: null,
  uri: null,
  status: "active",
  rawStatus: null,
  type: "Audio",
  name: null,
  url: null,
  errorCode: null,
  errorMessage: null,
  notes: [],
  raw: {},
  ...more,
});

/** An error as the client throws it. */
export const failure = (code: string, more: object = {}): Error =>
  Object.assign(new Error(code), { code, ...more });

/** A service that answers at once; `more` replaces some of its methods. */
export function serviceInMemory(
  more: (service: ServiceInMemory, usual: AtlasClient) => Partial<AtlasClient> = () => ({}),
): ServiceInMemory {
  const refuse = async (): Promise<never> => {
    throw failure("usage");
  };
  async function* each(list: Asset[]): AsyncGenerator<Asset, unknown> {
    yield* [...list];
    return { missing: 0 };
  }
  const usual: AtlasClient = {
    consoleBaseUrl: "https://console.test/api",
    async uploadMedia(file, options): Promise<Upload> {
      service.uploads.push({ file, options });
      const url = `https://cdn.test/${service.uploads.length}/a.wav`;
      return { url, filename: null, size: null, type: null, raw: {} };
    },
    async registerAsset(given) {
      service.registrations.push(given);
      const id = String(100 + service.assets.length + service.trash.length);
      const { type, url, name = null } = given;
      const made = asset({ id, uri: `asset://a-${id}`, type, url, name, ...service.fresh });
      service.assets.push(made);
      return made;
    },
    async getAsset(id) {
      const found = [...service.assets, ...service.trash].find((one) => one.id === id);
      if (!found) throw failure("not-found-upstream");
      return found;
    },
    async waitUntilActive(id, options) {
      options?.onProgress?.({ phase: "wait", loaded: 1, total: null });
      return { ...(await client.getAsset(id, options)), status: "active" };
    },
    listAssets: () => each(service.assets),
    listTrash: () => each(service.trash),
    renameAsset: refuse,
    trashAsset: refuse,
    restoreAsset: refuse,
    generateVideo: refuse,
    getPrediction: refuse,
    waitForPrediction: refuse,
  };
  const service: ServiceInMemory = {
    client: usual,
    assets: [],
    trash: [],
    calls: [],
    uploads: [],
    registrations: [],
    fresh: {},
  };
  const client = { ...usual, ...more(service, usual) };
  service.client = new Proxy(client, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        service.calls.push(String(name));
        return Reflect.apply(value, target, given);
      };
    },
  });
  return service;
}

/** A ledger that logs each recorded step, and the options of each claim. */
export function stepping(): { ledger: Ledger; steps: StepToRecord[]; claims: ClaimOptions[] } {
  const ledger = memoryLedger();
  const steps: StepToRecord[] = [];
  const claims: ClaimOptions[] = [];
  return {
    steps,
    claims,
    ledger: {
      ...ledger,
      async claim(key, file, options = {}) {
        claims.push(options);
        const claim = await ledger.claim(key, file, options);
        return withMethods(claim, {
          record(step) {
            steps.push(step);
            return claim.record(step);
          },
          amend(fields) {
            steps.push({ ...(claim.entry as LedgerEntry), ...fields });
            return claim.amend(fields);
          },
        });
      },
    },
  };
}

/** The claim, with some of its methods replaced. */
export function withMethods(claim: LedgerClaim, methods: Partial<LedgerClaim>): LedgerClaim {
  return new Proxy(claim, {
    get(target, name) {
      const value: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof value === "function" ? value.bind(name in methods ? methods : target) : value;
    },
  });
}

/** Fake time that advances while a test waits. Call it at the top level of a test file. */
export function timeInTests(): {
  /** Milliseconds since the test began. */
  now(): number;
  /** Lets time pass until the promise is settled. */
  passing<T>(promise: Promise<T>): Promise<T>;
  /** Lets so much time pass. */
  pass(milliseconds: number): Promise<void>;
} {
  const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  let start = 0;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
    start = Date.now();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const pass = async (milliseconds: number): Promise<void> => {
    for (let i = 0; i < 20; i++) await nextTick();
    await vi.advanceTimersByTimeAsync(milliseconds);
    for (let i = 0; i < 20; i++) await nextTick();
  };
  return {
    now: () => Date.now() - start,
    pass,
    async passing(promise) {
      let settled = false;
      const end = (): void => {
        settled = true;
      };
      promise.then(end, end);
      while (!settled) {
        // Files and bytes are read in real time: only when nothing else moves is it a timer that is waited for.
        for (let i = 0; i < 20 && !settled; i++) await nextTick();
        if (!settled) await vi.advanceTimersToNextTimerAsync();
      }
      return promise;
    },
  };
}

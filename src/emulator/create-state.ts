import { rm, writeFile } from "node:fs/promises";
import { Bucket } from "./bucket/bucket.ts";
import { bucketSettings } from "./bucket/options.ts";
import { clip } from "./clip.ts";
import type { EmulatorOptions } from "./options.ts";
import type { EmulatorState } from "./state.ts";
import { randomId, Store, type StoredAsset, type StoredUpload } from "./store.ts";
import { togglesOf } from "./toggles.ts";
import { checkFile } from "./validation/check.ts";
import { validateUpload } from "./validation/validate-upload.ts";

/** The state that the hosts share, and what only the emulator itself may do with it. */
export interface OwnedState {
  state: EmulatorState;
  bucket: Bucket | null;
  /** The origin under which uploads are served from now on. */
  setOrigin(origin: string): void;
  /** Resolves when no asset is being validated. */
  validated(): Promise<void>;
}

/** @throws MediaPreflightError `usage` if `store` contains something else */
export function createState(options: EmulatorOptions): OwnedState {
  const store = new Store(options.store);
  const validating = new Set<Promise<void>>();
  const bucket = createBucket(options, store);
  let origin = store.state.origins.at(-1) ?? "http://api.emulator.invalid";
  let clipUpload: StoredUpload | undefined;

  const state: EmulatorState = {
    store,
    toggles: togglesOf(options),
    apiOrigin: () => origin,
    storageUrl(upload) {
      if (!store.state.origins.includes(origin)) store.state.origins.push(origin);
      const query = state.toggles.signedUrls ? `?X-Expires=3600&X-Signature=${randomId(20)}` : "";
      return `${origin}/storage/${upload.id}/${encodeURIComponent(upload.filename)}${query}`;
    },
    async clipUrl() {
      clipUpload ??= await storeClip(store);
      return state.storageUrl(clipUpload);
    },
    scheduleValidation(asset) {
      const done = validate(asset, { state, options, bucket }).finally(() => validating.delete(done));
      validating.add(done);
    },
  };
  // After a restart, assets that were being validated are validated again.
  for (const asset of store.state.assets) if (asset.outcome === null) state.scheduleValidation(asset);
  return {
    state,
    bucket,
    setOrigin(next) {
      origin = next;
    },
    validated: async () => void (await Promise.all(validating)),
  };
}

async function storeClip(store: Store): Promise<StoredUpload> {
  const bytes = clip();
  const upload = { id: randomId(), filename: "output.mp4", contentType: "video/mp4", size: bytes.byteLength };
  await writeFile(store.mediaPath(upload.id), bytes);
  store.state.uploads.push(upload);
  return upload;
}

function createBucket(options: EmulatorOptions, store: Store): Bucket | null {
  if (options.bucket === undefined) return null;
  return new Bucket(bucketSettings(options.bucket), {
    objects: store.state.objects,
    path: (file) => store.mediaPath(file),
    remove: (file) => rm(store.mediaPath(file), { force: true }),
    save: () => store.save(),
  });
}

interface Validation {
  state: EmulatorState;
  options: EmulatorOptions;
  bucket: Bucket | null;
}

/** Never rejects: what could not be written is written, or fails, with the next change. */
async function validate(asset: StoredAsset, { state, options, bucket }: Validation): Promise<void> {
  const { store, toggles } = state;
  const check = (path: string, type: Parameters<typeof checkFile>[1]) =>
    checkFile(path, type, { limits: options.limits, rules: options.rules });
  try {
    asset.outcome = await validateUpload(asset, toggles, {
      store,
      bucket,
      allowFetch: options.allowFetch ?? false,
      check,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : "the check failed";
    asset.outcome = { status: "Failed", code: "InternalError", message };
  }
  await store.save().catch(() => {});
}

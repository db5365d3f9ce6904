import { writeFile } from "node:fs/promises";
import { checkFile } from "./check.ts";
import { clip } from "./clip.ts";
import { type EmulatorOptions, togglesOf } from "./options.ts";
import type { EmulatorState } from "./state.ts";
import { randomId, Store, type StoredAsset, type StoredUpload } from "./store.ts";
import { validateUpload } from "./validate-upload.ts";

/** The state that the hosts share, and what only the emulator itself may do with it. */
export interface OwnedState {
  state: EmulatorState;
  /** The origin under which uploads are served from now on. */
  setOrigin(origin: string): void;
  /** Resolves when no asset is being validated. */
  validated(): Promise<void>;
}

/** @throws MediaPreflightError `usage` if `store` contains something else */
export function createState(options: EmulatorOptions): OwnedState {
  const store = new Store(options.store);
  const validating = new Set<Promise<void>>();
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
      const done = validate(asset, state, options).finally(() => validating.delete(done));
      validating.add(done);
    },
  };
  // After a restart, assets that were being validated are validated again.
  for (const asset of store.state.assets) if (asset.outcome === null) state.scheduleValidation(asset);
  return {
    state,
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

/** Never rejects: what could not be written is written, or fails, with the next change. */
async function validate(asset: StoredAsset, state: EmulatorState, options: EmulatorOptions): Promise<void> {
  const { store, toggles } = state;
  const check = (path: string, type: Parameters<typeof checkFile>[1]) =>
    checkFile(path, type, options.limits ?? "documented");
  try {
    asset.outcome = await validateUpload(asset, toggles, {
      store,
      allowFetch: options.allowFetch ?? false,
      check,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : "the check failed";
    asset.outcome = { status: "Failed", code: "InternalError", message };
  }
  await store.save().catch(() => {});
}

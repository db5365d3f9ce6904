import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { AssetType } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";

export interface StoredUpload {
  id: string;
  filename: string;
  contentType: string;
  /** Bytes. */
  size: number;
}

/** What came of judging an asset. */
export type Outcome = { status: "Active" } | { status: "Failed"; code: string; message: string };

export interface StoredAsset {
  id: number;
  atlasAssetId: string;
  arkAssetId: string;
  type: AssetType;
  url: string;
  name: string;
  createdAt: string;
  /** Epoch milliseconds before which it is Processing. */
  readyAt: number;
  /** Null while it is being judged. */
  outcome: Outcome | null;
  trashed: boolean;
}

export interface StoredPrediction {
  id: string;
  model: string;
  createdAt: string;
  /** Epoch milliseconds from which it can be asked for. */
  knownAt: number;
  readyAt: number;
  /** Output URL, or null where it fails. */
  output: string | null;
}

interface State {
  version: 1;
  lastId: number;
  /** Origins under which uploads were served. */
  origins: string[];
  uploads: StoredUpload[];
  assets: StoredAsset[];
  predictions: StoredPrediction[];
}

/** Everything the emulator remembers: bytes as files, the rest as one JSON file if it is to be kept. */
export class Store {
  readonly state: State;
  readonly #directory: string;
  readonly #kept: boolean;
  #dirty = false;
  #saving: Promise<void> | null = null;

  /** @throws MediaPreflightError `usage` where the directory holds something that is not a store */
  constructor(directory: string | undefined) {
    this.#kept = directory !== undefined;
    this.#directory = directory ?? mkdtempSync(join(tmpdir(), "media-preflight-emulator-"));
    mkdirSync(join(this.#directory, "media"), { recursive: true });
    this.state = (this.#kept ? load(this.#file) : null) ?? fresh();
    if (!this.#kept) process.once("exit", this.#remove);
  }

  get #file(): string {
    return join(this.#directory, "emulator.json");
  }

  #remove = (): void => {
    rmSync(this.#directory, { recursive: true, force: true });
  };

  /** Where an upload's bytes lie. */
  mediaPath(uploadId: string): string {
    return join(this.#directory, "media", uploadId);
  }

  nextId(): number {
    this.state.lastId += 1;
    return this.state.lastId;
  }

  /** Puts the present state on disk; calls at the same time share one write. */
  async save(): Promise<void> {
    if (!this.#kept) return;
    this.#dirty = true;
    // A write that has begun may miss this change: wait for it, then for the one that follows.
    if (this.#saving) await this.#saving;
    if (!this.#dirty) return;
    this.#saving ??= this.#write().finally(() => {
      this.#saving = null;
    });
    await this.#saving;
  }

  async #write(): Promise<void> {
    this.#dirty = false;
    await writeFileAtomic(this.#file, `${JSON.stringify(this.state, null, 1)}\n`);
  }

  async close(): Promise<void> {
    await this.#saving;
    if (this.#dirty) await this.save();
    if (this.#kept) return;
    process.removeListener("exit", this.#remove);
    this.#remove();
  }
}

/** An opaque id of `bytes` random bytes. */
export const randomId = (bytes = 12): string => randomBytes(bytes).toString("hex");

const fresh = (): State => ({
  version: 1,
  lastId: 100_000,
  origins: [],
  uploads: [],
  assets: [],
  predictions: [],
});

function load(file: string): State | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw cause;
  }
  try {
    const state = JSON.parse(text) as Partial<State>;
    const lists = [state.origins, state.uploads, state.assets, state.predictions];
    if (state.version === 1 && lists.every(Array.isArray)) return state as State;
  } catch {
    // Falls through to the same refusal.
  }
  throw new MediaPreflightError("usage", "the store's emulator.json is not one of this emulator's", {
    hint: "name another directory, or delete the file to start empty",
  });
}

import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssetType } from "../atlas/types.ts";
import { makeFolder } from "../bytes/make-folder.node.ts";
import { MediaPreflightError } from "../errors.ts";
import { replaceFile } from "../ledger/file/replace-file.node.ts";
import type { StoredObject } from "./bucket/objects.ts";

/** An upload, as the emulator keeps it. */
export interface StoredUpload {
  id: string;
  filename: string;
  contentType: string;
  /** Bytes. */
  size: number;
}

/** The result of validating an asset. */
export type ValidationResult = { status: "Active" } | { status: "Failed"; code: string; message: string };

/** An asset, as the emulator keeps it. */
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
  /** Null while it is being validated. */
  outcome: ValidationResult | null;
  trashed: boolean;
}

export interface StoredPrediction {
  id: string;
  model: string;
  createdAt: string;
  /** Epoch milliseconds from which it is known. */
  knownAt: number;
  readyAt: number;
  /** Output URL, or null if it fails. */
  output: string | null;
  /** The request as it came, for the history. */
  request?: Readonly<Record<string, unknown>>;
}

interface State {
  version: 1;
  lastId: number;
  /** Origins under which uploads were served. */
  origins: string[];
  uploads: StoredUpload[];
  assets: StoredAsset[];
  predictions: StoredPrediction[];
  /** The bucket's objects. */
  objects: StoredObject[];
}

/** The emulator's state: bytes as files, the rest as one JSON file if it is persistent. */
export class Store {
  readonly state: State;
  readonly #directory: string;
  readonly #persistent: boolean;
  #unsaved = false;
  /** The write under way, or the last one. */
  #writing: Promise<void> = Promise.resolve();
  /** The write that begins after that one, shared by all callers meanwhile. */
  #next: Promise<void> | null = null;

  /** @throws MediaPreflightError `usage` if the directory contains something that is not a store */
  constructor(directory: string | undefined) {
    this.#persistent = directory !== undefined;
    this.#directory = directory ?? mkdtempSync(join(tmpdir(), "media-preflight-emulator-"));
    makeFolder(join(this.#directory, "media"));
    this.state = (this.#persistent ? load(this.#file) : null) ?? fresh();
    if (!this.#persistent) process.once("exit", this.#remove);
  }

  get #file(): string {
    return join(this.#directory, "emulator.json");
  }

  #remove = (): void => {
    rmSync(this.#directory, { recursive: true, force: true });
  };

  /** Path of an upload's bytes. */
  mediaPath(uploadId: string): string {
    return join(this.#directory, "media", uploadId);
  }

  nextId(): number {
    this.state.lastId += 1;
    return this.state.lastId;
  }

  /** Writes the state to disk; calls at the same time share one write. */
  save(): Promise<void> {
    if (!this.#persistent) return Promise.resolve();
    this.#unsaved = true;
    // A write under way may miss this change; the next one contains it.
    const begin = (): Promise<void> => {
      this.#next = null;
      this.#writing = this.#write();
      return this.#writing;
    };
    this.#next ??= this.#writing.then(begin, begin);
    return this.#next;
  }

  async #write(): Promise<void> {
    this.#unsaved = false;
    try {
      await replaceFile(this.#file, [JSON.stringify(this.state, null, 1), "\n"]);
    } catch (error) {
      this.#unsaved = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#writing).catch(() => {});
    if (this.#unsaved) await this.save();
    if (this.#persistent) return;
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
  objects: [],
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
    // Stores of before the bucket have no objects.
    state.objects ??= [];
    const lists = [state.origins, state.uploads, state.assets, state.predictions, state.objects];
    if (state.version === 1 && lists.every(Array.isArray)) return state as State;
  } catch {
    // The same error follows.
  }
  throw new MediaPreflightError("usage", "the store's emulator.json was not written by this emulator", {
    hint: "name another directory, or delete the file to start empty",
  });
}

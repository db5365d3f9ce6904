import { resolve } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import type { OptionNames } from "../../validation/known-options.ts";
import { requireKnownOptions } from "../../validation/options.ts";
import { anyFunction, anyText, numberOf } from "../../validation/value-rules.ts";
import type { Ledger } from "../ledger.ts";
import { ledgerOver } from "../store-ledger.ts";
import { LedgerDocument } from "./document.node.ts";
import { unwritable } from "./errors.node.ts";
import { lock } from "./lock.node.ts";
import { newOwner, retire } from "./owner.node.ts";
import { createProofs } from "./proof.node.ts";
import { FileStore } from "./store.node.ts";
import { type LockFile, WriteQueue } from "./write-queue.node.ts";

/** The ledger file of the command, in the working directory. */
export const ledgerFile = "media-preflight.lock.json";

/** How the ledger file is used. */
export interface FileLedgerOptions {
  /** Called once if another process has locked the file. */
  onWait?: ((message: string) => void) | undefined;
  /** Milliseconds to wait for that. Default 150,000. */
  lockDeadline?: number | undefined;
  /** Milliseconds in which steps are collected for one rewrite. Default 8. */
  batchWindow?: number | undefined;
  /**
   * Folder of the key that proves which entries this machine wrote. Default: `media-preflight` in the user's state
   * folder ($XDG_STATE_HOME; otherwise ~/.local/state, ~/Library/Application Support on macOS, %LOCALAPPDATA% on
   * Windows).
   */
  stateDirectory?: string | undefined;
}

const optionNames = {
  onWait: anyFunction,
  lockDeadline: numberOf("milliseconds"),
  batchWindow: numberOf("milliseconds"),
  stateDirectory: anyText,
} as const satisfies OptionNames<FileLedgerOptions>;

/** A ledger in a file. */
export interface FileLedger extends Ledger {
  readonly path: string;
  /** Rewrites done, for measurements. */
  readonly rewrites: number;
}

/**
 * The ledger in a file: JSON, sorted, one field a line, replaced atomically. Several processes may use it at once; it is
 * locked only while it is rewritten. Nothing is read or written before the first use. It must be a regular file: a
 * symbolic link is refused (`ledger-invalid`), because a repository could point it anywhere.
 * @throws MediaPreflightError `usage`
 */
export function fileLedger(file: string = ledgerFile, options: FileLedgerOptions = {}): FileLedger {
  if (typeof file !== "string") throw new MediaPreflightError("usage", "fileLedger takes the path of a file");
  requireKnownOptions("fileLedger", options, optionNames);
  const path = resolve(file);
  const owner = newOwner();
  const document = new LedgerDocument(file, path);
  const lockFile: LockFile = (signal) =>
    lock(`${path}.lock`, { owner, signal, onWait: options.onWait, deadline: options.lockDeadline }).catch(
      (error: unknown) => {
        throw unwritable(file, error);
      },
    );
  const queue = new WriteQueue(document, lockFile, options.batchWindow ?? 8);
  const store = new FileStore(document, queue, owner, createProofs(options.stateDirectory));
  const ledger = ledgerOver(store);
  return {
    ...ledger,
    path,
    get rewrites() {
      return document.rewrites;
    },
    async close() {
      await ledger.close();
      retire(owner);
    },
  };
}

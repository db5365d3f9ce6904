import { createHash, randomBytes } from "node:crypto";
import { startEmulator } from "../../src/emulator/index.ts";
import type { EmulatorOptions, LogLine } from "../../src/emulator/options.ts";
import type { S3StorageOptions } from "../../src/storage/s3/options.ts";
import { s3Storage } from "../../src/storage/s3-storage.node.ts";
import type { Storage } from "../../src/storage/storage.ts";

export const mebibyte = 1024 * 1024;

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The emulator's bucket, which verifies every signature, and a storage over it. */
export async function startBucket(options: EmulatorOptions = {}, own: Partial<S3StorageOptions> = {}) {
  const log: LogLine[] = [];
  const emulator = await startEmulator({
    bucket: { name: "media" },
    processingMs: 0,
    ...options,
    onRequest: (line) => log.push(line),
  });
  if (!emulator.bucket) throw new Error("the emulator has no bucket");
  const settings: S3StorageOptions = {
    ...emulator.bucket,
    prefix: "clips/",
    partSize: 5 * mebibyte,
    multipartAbove: 5 * mebibyte,
    retry: { base: 5, cap: 20 },
    ...own,
  };
  const operations = (): string[] =>
    log.filter(({ host }) => host === "bucket").map((line) => String(line.operation));
  return { emulator, storage: s3Storage(settings), settings, log, operations };
}

/** Random bytes as they are put. */
export function contentOf(size: number, storage: Storage) {
  const bytes = randomBytes(size);
  const sha256 = sha256Of(bytes);
  const key = storage.keyOf({ sha256, extension: "mp4" });
  return { bytes, sha256, key, blob: new Blob([bytes]), put: { key, type: "video/mp4", size, sha256 } };
}

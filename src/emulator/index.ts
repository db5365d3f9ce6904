/** An emulator of the service, for tests and for trying things out. */
export type { Checksum, ChecksumAlgorithm } from "./bucket/checksum.ts";
export type { CorsRule } from "./bucket/cors.ts";
export type { StoredObject } from "./bucket/objects.ts";
export { type BucketOperation, bucketOperations } from "./bucket/operations/operation.ts";
export { type BucketOptions, testCredentials } from "./bucket/options.ts";
export {
  createEmulator,
  type Emulator,
  type EmulatorPorts,
  type RunningBucket,
  type RunningEmulator,
  startEmulator,
} from "./emulator.ts";
export type { EmulatorOptions, LogLine } from "./options.ts";
export type { StoredAsset, StoredUpload, ValidationResult } from "./store.ts";
export { emulatorToggles, type Operation, operations, type Toggles, type ToggleValue } from "./toggles.ts";

/** An emulator of the service, for tests and for trying things out. */
export { createEmulator, type Emulator, type RunningEmulator, startEmulator } from "./emulator.ts";
export {
  type EmulatorOptions,
  emulatorToggles,
  type LogLine,
  type Operation,
  operations,
  type Toggles,
  type ToggleValue,
} from "./options.ts";
export type { StoredAsset, StoredUpload, ValidationResult } from "./store.ts";

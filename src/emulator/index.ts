/** An emulator of the service, for tests and for trying things out. */
export { createEmulator, type Emulator, type RunningEmulator, startEmulator } from "./emulator.ts";
export {
  type EmulatorOptions,
  emulatorToggles,
  type LogLine,
  type Operation,
  operations,
  type Toggles,
} from "./options.ts";

import type { OptionNames } from "../validation/known-options.ts";
import { requireKnownOptions } from "../validation/options.ts";
import type { EmulatorPorts } from "./emulator.ts";
import type { EmulatorOptions } from "./options.ts";
import { emulatorToggles, type Toggles } from "./toggles.ts";

const toggleNames = Object.fromEntries(Object.keys(emulatorToggles).map((name) => [name, true])) as Record<
  keyof Toggles,
  true
>;

const names = {
  ...toggleNames,
  key: true,
  store: true,
  allowFetch: true,
  bucket: true,
  limits: ["documented", "observed"],
  rules: true,
  onRequest: true,
  port: true,
  consolePort: true,
  bucketPort: true,
} as const satisfies OptionNames<EmulatorOptions & EmulatorPorts>;

/** @throws MediaPreflightError `usage` for an option that does not exist */
export function requireEmulatorOptions(caller: string, options: object): void {
  requireKnownOptions(caller, options, names);
}

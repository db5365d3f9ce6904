import { afterEach } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.node.ts";
import type { AtlasClient } from "../../src/atlas/types.ts";
import { createEmulator, type EmulatorOptions, type RunningEmulator } from "../../src/emulator/index.ts";

/**
 * Starts emulators in this process, each with a client of its own, and closes them after each test. Call it at the top
 * level of a test file.
 */
export function emulators(
  apiKey: string,
): (options?: EmulatorOptions) => Promise<{ emulator: RunningEmulator; atlas: AtlasClient }> {
  let running: RunningEmulator[] = [];
  afterEach(async () => {
    for (const one of running) await one.close();
    running = [];
  });
  return async (options = {}) => {
    const emulator = await createEmulator({ processingMs: 20, key: apiKey, ...options }).listen();
    running.push(emulator);
    const { apiBaseUrl, consoleBaseUrl } = emulator;
    const retry = { base: 10, cap: 50 };
    return {
      emulator,
      atlas: createAtlasClient({ apiBaseUrl, consoleBaseUrl, apiKey, timeout: 20_000, retry }),
    };
  };
}

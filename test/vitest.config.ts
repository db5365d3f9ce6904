import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { findChromium } from "./browser/chromium.ts";

const browserTests = "test/browser/**/*.browser.test.ts";

/** Files that replace modules, change the working directory or measure what a fresh process loads. */
const isolatedTests = [
  "test/facts/lazy-parsers.test.ts",
  "test/facts/cross-check/{libraries,run}.test.ts",
  "test/fuzz/*.test.ts",
  "test/ledger/{ledger,lazy-ledger}.test.ts",
  "test/ledger/file/{disk-full,no-hard-links,owner}.test.ts",
  // They count the timers of their process.
  "test/ledger/file/file-ledger.test.ts",
  "test/submit/{signal,input/files}.test.ts",
  "test/cli/config/schemas.test.ts",
  // Node.js 24.21 aborts a process in which several threads and files have compiled WebAssembly ("Check failed:
  // jit_page.has_value()"; nodejs/node#64500, read 2026-11-30), seen with PGlite.
  "test/ledger/postgres/{pglite,plans}.test.ts",
  // Their handlers spool to a temporary folder that they watch.
  "test/server/*.test.ts",
  // Which ffmpeg runs is decided once in a process.
  "test/push/fix.test.ts",
];

const root = new URL("..", import.meta.url).pathname;

/** Many tests start processes and browsers, on machines that may be busy with other things. */
const patience = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
  // In CI a test that fails is run once more. The log marks it with "retry x1": it is to be repaired all the same.
  retry: process.env.CI ? 1 : 0,
};

/** About half of the time tests wait for timers, polls and other processes: on few cores, two files run for each. */
const cores = availableParallelism();
const maxWorkers = Math.max(cores, Math.min(2 * cores, 8));

export default defineConfig(async () => ({
  root,
  test: {
    maxWorkers,
    projects: [
      {
        root,
        test: {
          name: "node",
          globalSetup: "test/state-folder.ts",
          include: ["test/**/*.test.ts"],
          exclude: [
            browserTests,
            ...isolatedTests,
            "test/{hooks,package,fix/long,ledger/postgres/long,push/queue/long}/**",
          ],
          // The files share a few processes, each of which loads each module once.
          isolate: false,
          setupFiles: "test/restore-process.ts",
          ...patience,
        },
      },
      {
        root,
        test: {
          name: "node-isolated",
          globalSetup: "test/state-folder.ts",
          include: isolatedTests,
          ...patience,
        },
      },
      {
        root,
        test: {
          name: "browser",
          include: [browserTests],
          ...patience,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: await findChromium() } }),
            instances: [{ browser: "chromium" as const }],
          },
        },
      },
    ],
  },
}));

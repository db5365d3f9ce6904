import { defineConfig } from "vitest/config";

/** `npm run test:machines`: several machines over one database, for a few minutes, apart from `npm test`. */
export default defineConfig({
  root: new URL("../../../..", import.meta.url).pathname,
  test: {
    name: "machines",
    globalSetup: "test/state-folder.ts",
    include: ["test/ledger/postgres/long/**/*.test.ts", "test/push/queue/long/**/*.test.ts"],
    testTimeout: 480_000,
    hookTimeout: 120_000,
    // They wait for leases, heartbeats and restarts for most of the time: all at once.
    maxWorkers: 3,
  },
});

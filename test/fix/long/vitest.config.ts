import { defineConfig } from "vitest/config";

/** `npm run test:fix`: long runs of real engines, apart from `npm test`. */
export default defineConfig({
  root: new URL("../../..", import.meta.url).pathname,
  test: {
    name: "fix",
    globalSetup: "test/state-folder.ts",
    include: ["test/fix/long/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Encoders use all cores; several at a time only wait for each other.
    fileParallelism: false,
  },
});

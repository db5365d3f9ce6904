import { defineConfig } from "vitest/config";

/* `npm run test:hooks`: hook frameworks in real repositories. It installs packages, so `npm test` is without it. */
export default defineConfig({
  test: {
    include: ["test/hooks/**/*.test.ts"],
    globalSetup: ["test/state-folder.ts", "test/hooks/toolbox.ts"],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
